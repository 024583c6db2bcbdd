/*
 * Life of a task: references, the end of the running one, and the lock of the list of all tasks.
 */
#pragma once

#include <linux/rwlock_types.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/uaccess.h>

KLOOM_BEGIN_DECLS
extern rwlock_t tasklist_lock;
extern struct task_struct init_task;

/* A task_struct is freed when its task has ended and the last reference is put. Context: any. */
extern struct task_struct *get_task_struct(struct task_struct *task);
extern void put_task_struct(struct task_struct *task);

/* Ends the running task with the exit code. Context: task. */
extern __noreturn void do_exit(long code);
extern __noreturn void make_task_dead(int signr);

extern int nr_processes(void);
KLOOM_END_DECLS

/* Protects comm, files, mm and the like of another task. Context: any but hardirq. */
static __always_inline void task_lock(struct task_struct *p)
{
	spin_lock(&p->alloc_lock);
}

static __always_inline void task_unlock(struct task_struct *p)
{
	spin_unlock(&p->alloc_lock);
}
