/*
 * The options that the machine's kernel is built with, named as in Debian's amd64 configuration. An
 * option that the machine does not model is not defined.
 */
#pragma once

#define CONFIG_64BIT		 1
#define CONFIG_X86		 1
#define CONFIG_X86_64		 1
#define CONFIG_SMP		 1
#ifndef CONFIG_NR_CPUS /* kloom --config NR_CPUS=N */
#define CONFIG_NR_CPUS		 8192
#endif
#define CONFIG_CPUMASK_OFFSTACK	 1
#define CONFIG_HOTPLUG_CPU	 1
#define CONFIG_HZ		 250
#define CONFIG_HZ_250		 1
#define CONFIG_HIGH_RES_TIMERS	 1
#define CONFIG_PREEMPT_COUNT	 1
#define CONFIG_PREEMPT_VOLUNTARY 1
#define CONFIG_PREEMPT_DYNAMIC	 1
#define CONFIG_MODULES		 1
#define CONFIG_MODULE_UNLOAD	 1
#define CONFIG_KALLSYMS		 1
#define CONFIG_QUEUED_RWLOCKS	 1
#define CONFIG_RT_MUTEXES	 1
#define CONFIG_PRINTK		 1
#define CONFIG_BUG		 1
#define CONFIG_GENERIC_BUG	 1
#define CONFIG_PROC_FS		 1
#define CONFIG_SYSFS		 1
#define CONFIG_DEBUG_FS		 1
#define CONFIG_PAGE_SIZE_4KB	 1
#define CONFIG_DEFAULT_HOSTNAME	 "kloom"
