/*
 * CPUs that come and go.
 */
#pragma once

#include <linux/compiler.h>
#include <linux/cpuhotplug.h>
#include <linux/cpumask.h>
#include <linux/smp.h>

KLOOM_BEGIN_DECLS
/* Keep the set of online CPUs as it is. They nest. Context: task, may sleep. */
extern void cpus_read_lock(void);
extern int cpus_read_trylock(void);
extern void cpus_read_unlock(void);
extern void cpus_write_lock(void);
extern void cpus_write_unlock(void);
extern void lockdep_assert_cpus_held(void);
/* As the read lock, but only against going offline: one lock in kloom. */
extern void cpu_hotplug_disable(void);
extern void cpu_hotplug_enable(void);

/* Take a CPU up or down; 0 or a negative error number. Context: task, may sleep. */
extern int add_cpu(unsigned int cpu);
extern int remove_cpu(unsigned int cpu);
KLOOM_END_DECLS

#define get_online_cpus() cpus_read_lock()
#define put_online_cpus() cpus_read_unlock()
#define cpu_up(cpu) add_cpu(cpu)
#define cpu_down(cpu) remove_cpu(cpu)
