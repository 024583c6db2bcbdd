/*
 * The stacks of tasks.
 */
#pragma once

#include <linux/sched.h>

KLOOM_BEGIN_DECLS
/* Lowest address of the task's stack; NULL once it has ended. Context: any. */
extern void *task_stack_page(const struct task_struct *task);
/* Whether `obj` lies on the running task's stack. Context: any. */
extern int object_is_on_stack(const void *obj);
KLOOM_END_DECLS

#define end_of_stack(task) ((unsigned long *)task_stack_page(task))
