/*
 * Simple wait queues: only exclusive waiters that are tasks. They rest on linux/wait.h here.
 *
 * Context: waiting needs a task that may sleep; waking is possible everywhere.
 */
#pragma once

#include <linux/wait.h>

struct swait_queue_head {
	struct wait_queue_head kloom_head;
};

struct swait_queue {
	struct wait_queue_entry kloom_entry;
};

#define __SWAIT_QUEUE_HEAD_INITIALIZER(name)                                                       \
	{                                                                                          \
		.kloom_head = __WAIT_QUEUE_HEAD_INITIALIZER(name.kloom_head)                       \
	}
#define DECLARE_SWAIT_QUEUE_HEAD(name)                                                             \
	struct swait_queue_head name = __SWAIT_QUEUE_HEAD_INITIALIZER(name)
#define DECLARE_SWAIT_QUEUE_HEAD_ONSTACK(name) DECLARE_SWAIT_QUEUE_HEAD(name)
#define DECLARE_SWAITQUEUE(name)                                                                   \
	struct swait_queue name = {{.flags = 0,                                                    \
				    .KLOOM_PRIVATE = get_current(),                                \
				    .func = autoremove_wake_function,                              \
				    .entry = LIST_HEAD_INIT((name).kloom_entry.entry)}}

#define init_swait_queue_head(q) init_waitqueue_head(&(q)->kloom_head)
#define prepare_to_swait_exclusive(q, wait, state)                                                 \
	((void)prepare_to_wait_exclusive(&(q)->kloom_head, &(wait)->kloom_entry, state))
#define finish_swait(q, wait) finish_wait(&(q)->kloom_head, &(wait)->kloom_entry)
#define swait_active(q)	      waitqueue_active(&(q)->kloom_head)
#define swq_has_sleeper(q)    wq_has_sleeper(&(q)->kloom_head)
#define swake_up_one(q)	      ((void)wake_up(&(q)->kloom_head))
#define swake_up_all(q)	      ((void)wake_up_all(&(q)->kloom_head))
#define swake_up_locked(q)    wake_up_locked(&(q)->kloom_head)

#define swait_event_exclusive(q, condition)                                                        \
	((void)__kloom_wait_unlimited((q).kloom_head, condition, TASK_UNINTERRUPTIBLE,             \
				      WQ_FLAG_EXCLUSIVE))
#define swait_event_idle_exclusive(q, condition)                                                   \
	((void)__kloom_wait_unlimited((q).kloom_head, condition, TASK_IDLE, WQ_FLAG_EXCLUSIVE))
#define swait_event_interruptible_exclusive(q, condition)                                          \
	((int)__kloom_wait_unlimited((q).kloom_head, condition, TASK_INTERRUPTIBLE,                \
				     WQ_FLAG_EXCLUSIVE))
#define swait_event_timeout_exclusive(q, condition, timeout)                                       \
	__kloom_wait_ticks((q).kloom_head, condition, TASK_UNINTERRUPTIBLE, WQ_FLAG_EXCLUSIVE,     \
			   timeout)
#define swait_event_interruptible_timeout_exclusive(q, condition, timeout)                         \
	__kloom_wait_ticks((q).kloom_head, condition, TASK_INTERRUPTIBLE, WQ_FLAG_EXCLUSIVE,       \
			   timeout)
