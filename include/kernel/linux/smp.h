/*
 * The number of the running CPU, and functions called on other CPUs by interrupt.
 */
#pragma once

#include <linux/compiler.h>
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/list.h>
#include <linux/llist.h>
#include <linux/preempt.h>
#include <linux/smp_types.h>
#include <linux/thread_info.h>
#include <linux/types.h>

typedef void (*smp_call_func_t)(void *info);
typedef bool (*smp_cond_func_t)(int cpu, void *info);

/* A call to another CPU: queued, on its way, or free again. */
struct __call_single_data {
	struct llist_node llist;
	unsigned int flags;
	smp_call_func_t func;
	void *info;
};
typedef struct __call_single_data call_single_data_t;
#define CSD_INIT(_func, _info) { { NULL }, 0, (_func), (_info) }
#define INIT_CSD(_csd, _func, _info) \
	do { \
		*(_csd) = (call_single_data_t)CSD_INIT(_func, _info); \
	} while (0)

KLOOM_BEGIN_DECLS
/* The CPU that runs this; a finding in preemptible code, where it may be another one at once. Context: any. */
extern int kloom_smp_processor_id(void);
/* The same, on the caller's own risk. Context: any. */
extern int kloom_raw_smp_processor_id(void);
/* Disables preemption and returns the CPU. Context: any. */
extern int kloom_get_cpu(void);
extern void kloom_put_cpu(void);

/*
 * Runs func(info) on one CPU, or on all CPUs of the mask but this one (on_each_cpu: with this one), in hardirq context there.
 * With `wait` they return when it has run everywhere. Requires: interrupts on. Context: task or softirq.
 */
extern int smp_call_function_single(int cpu, smp_call_func_t func, void *info, int wait);
extern int smp_call_function_single_async(int cpu, call_single_data_t *csd);
extern int smp_call_function_any(const struct cpumask *mask, smp_call_func_t func, void *info, int wait);
extern void smp_call_function(smp_call_func_t func, void *info, int wait);
extern void smp_call_function_many(const struct cpumask *mask, smp_call_func_t func, void *info, bool wait);
extern void on_each_cpu(smp_call_func_t func, void *info, int wait);
extern void on_each_cpu_mask(const struct cpumask *mask, smp_call_func_t func, void *info, bool wait);
extern void on_each_cpu_cond(smp_cond_func_t cond_func, smp_call_func_t func, void *info, bool wait);
extern void on_each_cpu_cond_mask(smp_cond_func_t cond_func, smp_call_func_t func, void *info, bool wait,
				  const struct cpumask *mask);

/* Runs func(par) on a CPU in task context. Context: task, may sleep. */
extern int smp_call_on_cpu(unsigned int cpu, int (*func)(void *), void *par, bool phys);
extern void kick_all_cpus_sync(void);
extern void wake_up_all_idle_cpus(void);

extern unsigned int setup_max_cpus;
KLOOM_END_DECLS

#define smp_processor_id() kloom_smp_processor_id()
#define raw_smp_processor_id() kloom_raw_smp_processor_id()
#define __smp_processor_id() kloom_raw_smp_processor_id()
#define stable_smp_processor_id() kloom_raw_smp_processor_id()
#define get_cpu() kloom_get_cpu()
#define put_cpu() kloom_put_cpu()
#define get_boot_cpu_id() 0
