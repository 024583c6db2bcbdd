/*
 * Running a function on one CPU so that nothing preempts it there.
 */
#pragma once

#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/smp.h>

typedef int (*cpu_stop_fn_t)(void *arg);

KLOOM_BEGIN_DECLS
/* Runs fn(arg) on one CPU with preemption off there. Context: task, may sleep. */
extern int stop_one_cpu(unsigned int cpu, cpu_stop_fn_t fn, void *arg);
/*
 * Runs fn(data) on the CPUs of the mask that are online (NULL: on one), with interrupts off there and all other CPUs at a
 * halt; returns 0 or what one of them returned. Context: task, may sleep; the _cpuslocked form is for holders of
 * cpus_read_lock(). Differences: on all but the first of the CPUs fn runs in an interrupt.
 */
extern int stop_machine(cpu_stop_fn_t fn, void *data, const struct cpumask *cpus);
extern int stop_machine_cpuslocked(cpu_stop_fn_t fn, void *data, const struct cpumask *cpus);
KLOOM_END_DECLS
