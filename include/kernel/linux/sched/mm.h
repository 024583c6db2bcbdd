/*
 * The address spaces of tasks, as far as modules ask for them.
 */
#pragma once

#include <linux/gfp.h>
#include <linux/mm_types.h>
#include <linux/sched.h>

KLOOM_BEGIN_DECLS
/* A reference to the task's address space; NULL for a kthread. Context: any. */
extern struct mm_struct *get_task_mm(struct task_struct *task);
extern void mmput(struct mm_struct *mm);
/* Says that an allocation with these flags may happen here. Context: as the flags demand. */
extern void might_alloc(gfp_t gfp_mask);
KLOOM_END_DECLS
