/*
 * CPU hotplug states. A CPU that comes up passes them upwards and runs each startup callback; one that goes down passes them
 * downwards and runs each teardown callback. Modules take a dynamic state, or one of the few named ones here.
 */
#pragma once

#include <linux/compiler.h>
#include <linux/types.h>

enum cpuhp_state {
	CPUHP_INVALID = -1,
	CPUHP_OFFLINE = 0,
	CPUHP_CREATE_THREADS,
	CPUHP_BP_PREPARE_DYN = 40,
	CPUHP_BP_PREPARE_DYN_END = CPUHP_BP_PREPARE_DYN + 20,
	CPUHP_BRINGUP_CPU,
	CPUHP_AP_IDLE_DEAD,
	CPUHP_AP_OFFLINE,
	CPUHP_AP_ONLINE,
	CPUHP_TEARDOWN_CPU,
	CPUHP_AP_ONLINE_IDLE,
	CPUHP_AP_ONLINE_DYN = 80,
	CPUHP_AP_ONLINE_DYN_END = CPUHP_AP_ONLINE_DYN + 40,
	CPUHP_AP_ACTIVE,
	CPUHP_ONLINE,
};

KLOOM_BEGIN_DECLS
/*
 * Register callbacks; with the plain form `startup` runs for every CPU that is online now, in ascending order, on that CPU (for
 * states from CPUHP_AP_ONLINE on). Returns the state that was taken for a dynamic one, otherwise 0, or a negative error number.
 * Context: task, may sleep.
 */
extern int __cpuhp_setup_state(enum cpuhp_state state, const char *name, bool invoke, int (*startup)(unsigned int cpu),
			       int (*teardown)(unsigned int cpu), bool multi_instance);
extern void __cpuhp_remove_state(enum cpuhp_state state, bool invoke);
KLOOM_END_DECLS

static __always_inline int cpuhp_setup_state(enum cpuhp_state state, const char *name, int (*startup)(unsigned int cpu),
					     int (*teardown)(unsigned int cpu))
{
	return __cpuhp_setup_state(state, name, true, startup, teardown, false);
}

static __always_inline int cpuhp_setup_state_nocalls(enum cpuhp_state state, const char *name,
						     int (*startup)(unsigned int cpu),
						     int (*teardown)(unsigned int cpu))
{
	return __cpuhp_setup_state(state, name, false, startup, teardown, false);
}
#define cpuhp_setup_state_cpuslocked cpuhp_setup_state
#define cpuhp_setup_state_nocalls_cpuslocked cpuhp_setup_state_nocalls

static __always_inline void cpuhp_remove_state(enum cpuhp_state state)
{
	__cpuhp_remove_state(state, true);
}

static __always_inline void cpuhp_remove_state_nocalls(enum cpuhp_state state)
{
	__cpuhp_remove_state(state, false);
}
#define cpuhp_remove_state_nocalls_cpuslocked cpuhp_remove_state_nocalls
