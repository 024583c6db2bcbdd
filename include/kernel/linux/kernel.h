/*
 * The header that kernel code includes for everything small: alignment, rounding, min() and max(),
 * text conversion, log.
 */
#pragma once

#include <linux/stdarg.h>
#include <linux/align.h>
#include <linux/args.h>
#include <linux/array_size.h>
#include <linux/limits.h>
#include <linux/linkage.h>
#include <linux/stddef.h>
#include <linux/types.h>
#include <linux/compiler.h>
#include <linux/container_of.h>
#include <linux/bitops.h>
#include <linux/hex.h>
#include <linux/kstrtox.h>
#include <linux/log2.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/typecheck.h>
#include <linux/panic.h>
#include <linux/printk.h>
#include <linux/build_bug.h>
#include <linux/sprintf.h>
#include <linux/instruction_pointer.h>
#include <asm/byteorder.h>
#include <linux/version.h>

#define STACK_MAGIC    0xdeadbeef
#define REPEAT_BYTE(x) ((~0ul / 0xff) * (x))
#define READ	       0
#define WRITE	       1

#define u64_to_user_ptr(x) ((void __user *)(uintptr_t)(x))
#define PTR_IF(cond, ptr)  ((cond) ? (ptr) : NULL)

enum system_states {
	SYSTEM_BOOTING,
	SYSTEM_SCHEDULING,
	SYSTEM_FREEING_INITMEM,
	SYSTEM_RUNNING,
	SYSTEM_HALT,
	SYSTEM_POWER_OFF,
	SYSTEM_RESTART,
	SYSTEM_SUSPEND,
};

KLOOM_BEGIN_DECLS

/* SYSTEM_RUNNING whenever a module can read it. */
extern enum system_states system_state;

/* Marks a place that may sleep: a finding in atomic context. Context: task. */
extern void __might_sleep(const char *file, int line);

/* "[+-]digits" and their ranges out of a text; `memparse` also takes a suffix K, M, G, T, P, E.
 * Context: any. */
extern int get_option(char **str, int *pint);
extern char *get_options(const char *str, int nints, int *ints);
extern unsigned long long memparse(const char *ptr, char **retptr);
extern bool parse_option_str(const char *str, const char *option);
extern char *next_arg(char *args, char **param, char **val);

/* Ends the running task. Context: task. Declared here up to Linux 5.16, in sched/task.h since. */
extern __noreturn void do_exit(long code);

KLOOM_END_DECLS

#define might_sleep() __might_sleep(__FILE__, __LINE__)
#define might_sleep_if(cond)                                                                       \
	do {                                                                                       \
		if (cond)                                                                          \
			might_sleep();                                                             \
	} while (0)

/*
 * Messages for tracing. Differences: the machine has no trace buffer; they go to the kernel's log
 * at debug level.
 */
#define trace_printk(fmt, ...) printk(KERN_DEBUG fmt, ##__VA_ARGS__)
#define trace_puts(str)	       printk(KERN_DEBUG "%s", str)
#define trace_dump_stack(skip) dump_stack()
