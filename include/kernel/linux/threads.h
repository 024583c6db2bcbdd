/*
 * The largest numbers of CPUs and of processes.
 */
#pragma once

#include <linux/kconfig.h>

#define NR_CPUS			  CONFIG_NR_CPUS
#define PID_MAX_DEFAULT		  0x8000
#define PID_MAX_LIMIT		  (4 * 1024 * 1024)
#define MIN_THREADS_LEFT_FOR_ROOT 4
