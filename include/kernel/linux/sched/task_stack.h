/*
 * The stacks of tasks.
 */
#pragma once

#include <linux/sched.h>

KLOOM_BEGIN_DECLS
/* Whether `obj` lies on the running task's stack. Context: any. */
extern int object_is_on_stack(const void *obj);
KLOOM_END_DECLS
