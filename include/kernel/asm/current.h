/*
 * The task that runs on this CPU. In C `current` is the kernel's macro; in C++ it is an object that acts as the pointer, so
 * that the word stays free for members of other people's classes.
 */
#pragma once

#include <linux/compiler.h>

struct task_struct;

KLOOM_BEGIN_DECLS
/* In an interrupt: the task that was interrupted, or the idle task of this CPU. Context: any. */
extern struct task_struct *get_current(void);
KLOOM_END_DECLS

#ifndef __cplusplus
#define current get_current()
#elif !defined(KLOOM_IMPLEMENTATION)
struct kloom_current {
	operator task_struct *() const
	{
		return get_current();
	}
	task_struct *operator->() const
	{
		return get_current();
	}
};
static constexpr kloom_current current{};
#endif
