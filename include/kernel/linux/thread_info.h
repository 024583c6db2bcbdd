/*
 * The part of a task that low-level code knows, and the flags that the scheduler and signals set in it.
 */
#pragma once

#include <asm/current.h>
#include <linux/bitops.h>
#include <linux/compiler.h>
#include <linux/types.h>

#define TIF_NOTIFY_RESUME 1
#define TIF_SIGPENDING 2
#define TIF_NEED_RESCHED 3
#define TIF_NOTIFY_SIGNAL 17

#define THREAD_SHIFT 14
#define THREAD_SIZE (1UL << THREAD_SHIFT)

struct thread_info {
	unsigned long flags;
	unsigned long syscall_work;
	u32 status;
	u32 cpu;
};

#define current_thread_info() ((struct thread_info *)get_current())

/* The flags of a task, and of the running one. Context: any. */
#define set_ti_thread_flag(ti, flag)   set_bit(flag, &(ti)->flags)
#define clear_ti_thread_flag(ti, flag) clear_bit(flag, &(ti)->flags)
#define test_ti_thread_flag(ti, flag)  test_bit(flag, &(ti)->flags)
#define set_thread_flag(flag)	       set_ti_thread_flag(current_thread_info(), flag)
#define clear_thread_flag(flag)	       clear_ti_thread_flag(current_thread_info(), flag)
#define test_thread_flag(flag)	       test_ti_thread_flag(current_thread_info(), flag)
