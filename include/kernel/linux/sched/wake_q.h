/*
 * A list of tasks to be woken later, once the locks are let go. A task may be woken earlier than
 * wake_up_q(), so it must expect wake-ups at any time.
 *
 * Context: any.
 */
#pragma once

#include <linux/sched.h>

enum { KLOOM_WAKE_Q_TASKS_MAX = 16 };

struct wake_q_head {
	unsigned int count;
	struct task_struct *tasks[KLOOM_WAKE_Q_TASKS_MAX];
};

#define WAKE_Q_HEAD_INITIALIZER(name)                                                              \
	{                                                                                          \
		.count = 0, .tasks = {}                                                            \
	}
#define DEFINE_WAKE_Q(name) struct wake_q_head name = WAKE_Q_HEAD_INITIALIZER(name)

static inline void wake_q_init(struct wake_q_head *head)
{
	head->count = 0;
}

static inline bool wake_q_empty(struct wake_q_head *head)
{
	return head->count == 0;
}

static inline void wake_q_add(struct wake_q_head *head, struct task_struct *task)
{
	if (head->count < KLOOM_WAKE_Q_TASKS_MAX)
		head->tasks[head->count++] = task;
	else
		wake_up_process(task);
}

static inline void wake_up_q(struct wake_q_head *head)
{
	for (unsigned int i = 0; i < head->count; i++)
		wake_up_process(head->tasks[i]);
	head->count = 0;
}
