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
KLOOM_END_DECLS
