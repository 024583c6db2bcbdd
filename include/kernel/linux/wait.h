/*
 * Wait queues. A head is a list of entries; waking walks it and calls each entry's function, which
 * for an ordinary waiter makes its task runnable. Waiters that are exclusive stand at the end, and
 * waking stops after the wanted number of them.
 *
 * wait_event() and its relatives are one loop (__kloom_wait_event): evaluate the condition; if it
 * is false queue, evaluate it again, sleep, and so on. The reads of the condition count as marked,
 * because "flag = 1; wake_up(&wq)" against "wait_event(wq, flag)" is correct code.
 *
 * Context: waiting needs a task that may sleep; waking is possible everywhere.
 */
#pragma once

#include <asm/current.h>
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/stddef.h>
#include <linux/types.h>

struct task_struct;
typedef struct wait_queue_entry wait_queue_entry_t;
typedef struct wait_queue_head wait_queue_head_t;
/* The name of the entry's type before 4.13. */
typedef wait_queue_entry_t wait_queue_t;

/* Wakes the entry's waiter: positive if it did, 0 if not, negative to end the walk. Called with the
 * head's lock held. */
typedef int (*wait_queue_func_t)(struct wait_queue_entry *wq_entry, unsigned int mode, int flags,
				 void *key);

#define WQ_FLAG_EXCLUSIVE 0x01
#define WQ_FLAG_WOKEN	  0x02
#define WQ_FLAG_BOOKMARK  0x04
#define WQ_FLAG_CUSTOM	  0x08
#define WQ_FLAG_DONE	  0x10
#define WQ_FLAG_PRIORITY  0x20

/* `private` is a keyword of C++, where the member is called kloom_private. */
#ifdef __cplusplus
#define KLOOM_PRIVATE kloom_private
#else
#define KLOOM_PRIVATE private
#endif

struct wait_queue_entry {
	unsigned int flags;
	void *KLOOM_PRIVATE;
	wait_queue_func_t func;
	struct list_head entry;
};

struct wait_queue_head {
	spinlock_t lock;
	struct list_head head;
};

#define __WAITQUEUE_INITIALIZER(name, tsk)                                                         \
	{                                                                                          \
		.flags = 0, .KLOOM_PRIVATE = (tsk), .func = default_wake_function, .entry = {      \
			NULL,                                                                      \
			NULL                                                                       \
		}                                                                                  \
	}
#define DECLARE_WAITQUEUE(name, tsk)                                                               \
	struct wait_queue_entry name = __WAITQUEUE_INITIALIZER(name, tsk)

#define __WAIT_QUEUE_HEAD_INITIALIZER(name)                                                        \
	{                                                                                          \
		.lock = __SPIN_LOCK_INITIALIZER(name.lock), .head = LIST_HEAD_INIT(name.head)      \
	}
#define DECLARE_WAIT_QUEUE_HEAD(name)                                                              \
	struct wait_queue_head name = __WAIT_QUEUE_HEAD_INITIALIZER(name)
#define DECLARE_WAIT_QUEUE_HEAD_ONSTACK(name) DECLARE_WAIT_QUEUE_HEAD(name)

#define DEFINE_WAIT_FUNC(name, function)                                                           \
	struct wait_queue_entry name = {.flags = 0,                                                \
					.KLOOM_PRIVATE = get_current(),                            \
					.func = function,                                          \
					.entry = LIST_HEAD_INIT((name).entry)}
#define DEFINE_WAIT(name) DEFINE_WAIT_FUNC(name, autoremove_wake_function)

KLOOM_BEGIN_DECLS

extern void __init_waitqueue_head(struct wait_queue_head *wq_head, const char *name,
				  struct lock_class_key *key);

extern void add_wait_queue(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry);
extern void add_wait_queue_exclusive(struct wait_queue_head *wq_head,
				     struct wait_queue_entry *wq_entry);
extern void add_wait_queue_priority(struct wait_queue_head *wq_head,
				    struct wait_queue_entry *wq_entry);
extern void remove_wait_queue(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry);

/* Queue the entry unless it is queued, and set the state of the running task, both at once.
 * Context: task. */
extern void prepare_to_wait(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry,
			    int state);
extern bool prepare_to_wait_exclusive(struct wait_queue_head *wq_head,
				      struct wait_queue_entry *wq_entry, int state);
/* Also -ERESTARTSYS, with the entry not queued, when a signal is pending that `state` listens to.
 */
extern long prepare_to_wait_event(struct wait_queue_head *wq_head,
				  struct wait_queue_entry *wq_entry, int state);
extern void init_wait_entry(struct wait_queue_entry *wq_entry, int flags);
extern void finish_wait(struct wait_queue_head *wq_head, struct wait_queue_entry *wq_entry);

/* Whether anybody is queued. Without the head's lock the answer may be old when it arrives.
 * Context: any. */
extern int waitqueue_active(struct wait_queue_head *wq_head);

/*
 * Wake waiters whose state is one of `mode`: all that are not exclusive and `nr_exclusive` that are
 * (0: all). The _locked variants expect the head's lock to be held. Context: any.
 */
extern int __wake_up(struct wait_queue_head *wq_head, unsigned int mode, int nr_exclusive,
		     void *key);
extern void __wake_up_sync(struct wait_queue_head *wq_head, unsigned int mode);
extern void __wake_up_sync_key(struct wait_queue_head *wq_head, unsigned int mode, void *key);
extern void __wake_up_locked(struct wait_queue_head *wq_head, unsigned int mode, int nr_exclusive);
extern void __wake_up_locked_key(struct wait_queue_head *wq_head, unsigned int mode, void *key);

/* Wake functions. Context: any, called by the waking functions. */
extern int default_wake_function(struct wait_queue_entry *wq_entry, unsigned int mode, int flags,
				 void *key);
extern int autoremove_wake_function(struct wait_queue_entry *wq_entry, unsigned int mode, int sync,
				    void *key);
extern int woken_wake_function(struct wait_queue_entry *wq_entry, unsigned int mode, int sync,
			       void *key);
/* Sleeps until woken_wake_function() was called for the entry or `timeout` ticks passed; returns
 * what is left of them. */
extern long wait_woken(struct wait_queue_entry *wq_entry, unsigned int mode, long timeout);

/* The pieces of __kloom_wait_event(). */
enum kloom_wait_limit { KLOOM_WAIT_NO_LIMIT, KLOOM_WAIT_TICKS, KLOOM_WAIT_NANOSECONDS };
enum kloom_wait_next { KLOOM_WAIT_DONE, KLOOM_WAIT_EVALUATE, KLOOM_WAIT_SLEEP };

struct kloom_wait {
	struct wait_queue_entry entry;
	struct wait_queue_head *head;
	unsigned int state;
	int limit;
	bool is_prepared;
	bool is_signalled;
	bool is_timed_out;
	long result;
	u64 deadline;
};

extern void kloom_wait_begin(struct kloom_wait *wait, struct wait_queue_head *head,
			     unsigned int state, int flags, int limit, long timeout);
extern int kloom_wait_check(struct kloom_wait *wait, int condition);
extern void kloom_wait_sleep(struct kloom_wait *wait);
extern void kloom_wait_prepare(struct kloom_wait *wait);
extern long kloom_wait_result(const struct kloom_wait *wait);
extern void kloom_condition_begin(void);
extern void kloom_condition_end(void);

KLOOM_END_DECLS

#define init_waitqueue_head(wq_head)                                                               \
	do {                                                                                       \
		static struct lock_class_key __key;                                                \
		__init_waitqueue_head((wq_head), #wq_head, &__key);                                \
	} while (0)
#define init_wait(wait) init_wait_entry(wait, 0)

static inline void init_waitqueue_entry(struct wait_queue_entry *wq_entry, struct task_struct *p)
{
	wq_entry->flags = 0;
	wq_entry->KLOOM_PRIVATE = p;
	wq_entry->func = default_wake_function;
}

static inline void init_waitqueue_func_entry(struct wait_queue_entry *wq_entry,
					     wait_queue_func_t func)
{
	wq_entry->flags = 0;
	wq_entry->KLOOM_PRIVATE = NULL;
	wq_entry->func = func;
}

static __always_inline bool wq_has_sleeper(struct wait_queue_head *wq_head)
{
	smp_mb();
	return waitqueue_active(wq_head) != 0;
}

static __always_inline bool wq_has_single_sleeper(struct wait_queue_head *wq_head)
{
	return list_is_singular(&wq_head->head) != 0;
}

/* For callers that hold the head's lock. */
static inline void __add_wait_queue(struct wait_queue_head *wq_head,
				    struct wait_queue_entry *wq_entry)
{
	list_add(&wq_entry->entry, &wq_head->head);
}

static inline void __add_wait_queue_exclusive(struct wait_queue_head *wq_head,
					      struct wait_queue_entry *wq_entry)
{
	wq_entry->flags |= WQ_FLAG_EXCLUSIVE;
	__add_wait_queue(wq_head, wq_entry);
}

static inline void __add_wait_queue_entry_tail(struct wait_queue_head *wq_head,
					       struct wait_queue_entry *wq_entry)
{
	list_add_tail(&wq_entry->entry, &wq_head->head);
}

static inline void __add_wait_queue_entry_tail_exclusive(struct wait_queue_head *wq_head,
							 struct wait_queue_entry *wq_entry)
{
	wq_entry->flags |= WQ_FLAG_EXCLUSIVE;
	__add_wait_queue_entry_tail(wq_head, wq_entry);
}

static inline void __remove_wait_queue(struct wait_queue_head *wq_head,
				       struct wait_queue_entry *wq_entry)
{
	(void)wq_head;
	list_del(&wq_entry->entry);
}

#define wake_up(x)			__wake_up(x, TASK_NORMAL, 1, NULL)
#define wake_up_nr(x, nr)		__wake_up(x, TASK_NORMAL, nr, NULL)
#define wake_up_all(x)			__wake_up(x, TASK_NORMAL, 0, NULL)
#define wake_up_sync(x)			__wake_up_sync(x, TASK_NORMAL)
#define wake_up_locked(x)		__wake_up_locked((x), TASK_NORMAL, 1)
#define wake_up_all_locked(x)		__wake_up_locked((x), TASK_NORMAL, 0)
#define wake_up_interruptible(x)	__wake_up(x, TASK_INTERRUPTIBLE, 1, NULL)
#define wake_up_interruptible_nr(x, nr) __wake_up(x, TASK_INTERRUPTIBLE, nr, NULL)
#define wake_up_interruptible_all(x)	__wake_up(x, TASK_INTERRUPTIBLE, 0, NULL)
#define wake_up_interruptible_sync(x)	__wake_up_sync((x), TASK_INTERRUPTIBLE)

#define poll_to_key(m)			 ((void *)(uintptr_t)(unsigned int)(m))
#define key_to_poll(m)			 ((__poll_t)(uintptr_t)(m))
#define wake_up_poll(x, m)		 __wake_up(x, TASK_NORMAL, 1, poll_to_key(m))
#define wake_up_locked_poll(x, m)	 __wake_up_locked_key((x), TASK_NORMAL, poll_to_key(m))
#define wake_up_interruptible_poll(x, m) __wake_up(x, TASK_INTERRUPTIBLE, 1, poll_to_key(m))
#define wake_up_interruptible_sync_poll(x, m)                                                      \
	__wake_up_sync_key((x), TASK_INTERRUPTIBLE, poll_to_key(m))

/* Flags of kloom_wait_begin() beside WQ_FLAG_EXCLUSIVE: the caller has checked that it may sleep.
 */
#define KLOOM_WAIT_QUIET 0x10000

#define __kloom_wait_event(wq_head, condition, state, flags, limit, timeout, before_sleep,         \
			   after_sleep)                                                            \
	({                                                                                         \
		struct kloom_wait __wait;                                                          \
		int __wait_next;                                                                   \
		kloom_wait_begin(&__wait, &(wq_head), state, flags, limit, timeout);               \
		do {                                                                               \
			kloom_condition_begin();                                                   \
			__wait_next = !!(condition);                                               \
			kloom_condition_end();                                                     \
			__wait_next = kloom_wait_check(&__wait, __wait_next);                      \
			if (__wait_next == KLOOM_WAIT_SLEEP) {                                     \
				before_sleep;                                                      \
				kloom_wait_sleep(&__wait);                                         \
				after_sleep;                                                       \
				kloom_wait_prepare(&__wait);                                       \
			}                                                                          \
		} while (__wait_next != KLOOM_WAIT_DONE);                                          \
		kloom_wait_result(&__wait);                                                        \
	})
#define __kloom_wait_unlimited(wq_head, condition, state, flags)                                   \
	__kloom_wait_event(wq_head, condition, state, flags, KLOOM_WAIT_NO_LIMIT, 0, (void)0,      \
			   (void)0)
#define __kloom_wait_ticks(wq_head, condition, state, flags, timeout)                              \
	__kloom_wait_event(wq_head, condition, state, flags, KLOOM_WAIT_TICKS, timeout, (void)0,   \
			   (void)0)
#define __kloom_wait_around(wq_head, condition, state, flags, before_sleep, after_sleep)           \
	__kloom_wait_event(wq_head, condition, state, flags, KLOOM_WAIT_NO_LIMIT, 0, before_sleep, \
			   after_sleep)

/* Until `condition` holds. */
#define wait_event(wq_head, condition)                                                             \
	((void)__kloom_wait_unlimited(wq_head, condition, TASK_UNINTERRUPTIBLE, 0))
#define wait_event_idle(wq_head, condition)                                                        \
	((void)__kloom_wait_unlimited(wq_head, condition, TASK_IDLE, 0))
#define wait_event_idle_exclusive(wq_head, condition)                                              \
	((void)__kloom_wait_unlimited(wq_head, condition, TASK_IDLE, WQ_FLAG_EXCLUSIVE))
#define io_wait_event(wq_head, condition) wait_event(wq_head, condition)

/* 0, or -ERESTARTSYS when a signal (a fatal one for _killable) ended the wait. */
#define wait_event_interruptible(wq_head, condition)                                               \
	((int)__kloom_wait_unlimited(wq_head, condition, TASK_INTERRUPTIBLE, 0))
#define wait_event_interruptible_exclusive(wq_head, condition)                                     \
	((int)__kloom_wait_unlimited(wq_head, condition, TASK_INTERRUPTIBLE, WQ_FLAG_EXCLUSIVE))
#define wait_event_killable(wq_head, condition)                                                    \
	((int)__kloom_wait_unlimited(wq_head, condition, TASK_KILLABLE, 0))
#define wait_event_killable_exclusive(wq_head, condition)                                          \
	((int)__kloom_wait_unlimited(wq_head, condition, TASK_KILLABLE, WQ_FLAG_EXCLUSIVE))
#define wait_event_state(wq_head, condition, state)                                                \
	((int)__kloom_wait_unlimited(wq_head, condition, state, 0))
#define wait_event_freezable(wq_head, condition) wait_event_interruptible(wq_head, condition)
#define wait_event_freezable_exclusive(wq_head, condition)                                         \
	wait_event_interruptible_exclusive(wq_head, condition)

/* The ticks that were left (at least 1), or 0 when they ran out with the condition false, or
 * -ERESTARTSYS. */
#define wait_event_timeout(wq_head, condition, timeout)                                            \
	__kloom_wait_ticks(wq_head, condition, TASK_UNINTERRUPTIBLE, 0, timeout)
#define wait_event_idle_timeout(wq_head, condition, timeout)                                       \
	__kloom_wait_ticks(wq_head, condition, TASK_IDLE, 0, timeout)
#define wait_event_idle_exclusive_timeout(wq_head, condition, timeout)                             \
	__kloom_wait_ticks(wq_head, condition, TASK_IDLE, WQ_FLAG_EXCLUSIVE, timeout)
#define wait_event_interruptible_timeout(wq_head, condition, timeout)                              \
	__kloom_wait_ticks(wq_head, condition, TASK_INTERRUPTIBLE, 0, timeout)
#define wait_event_killable_timeout(wq_head, condition, timeout)                                   \
	__kloom_wait_ticks(wq_head, condition, TASK_KILLABLE, 0, timeout)
#define wait_event_freezable_timeout(wq_head, condition, timeout)                                  \
	wait_event_interruptible_timeout(wq_head, condition, timeout)

/* 0, -ETIME after `timeout` (a ktime_t), or -ERESTARTSYS. */
#define wait_event_hrtimeout(wq_head, condition, timeout)                                          \
	((int)__kloom_wait_event(wq_head, condition, TASK_UNINTERRUPTIBLE, 0,                      \
				 KLOOM_WAIT_NANOSECONDS, timeout, (void)0, (void)0))
#define wait_event_interruptible_hrtimeout(wq_head, condition, timeout)                            \
	((int)__kloom_wait_event(wq_head, condition, TASK_INTERRUPTIBLE, 0,                        \
				 KLOOM_WAIT_NANOSECONDS, timeout, (void)0, (void)0))

/* The condition is evaluated with `lock` held, which is let go while sleeping. */
#define wait_event_cmd(wq_head, condition, cmd1, cmd2)                                             \
	((void)__kloom_wait_around(wq_head, condition, TASK_UNINTERRUPTIBLE, KLOOM_WAIT_QUIET,     \
				   cmd1, cmd2))
#define wait_event_exclusive_cmd(wq_head, condition, cmd1, cmd2)                                   \
	((void)__kloom_wait_around(wq_head, condition, TASK_UNINTERRUPTIBLE,                       \
				   KLOOM_WAIT_QUIET | WQ_FLAG_EXCLUSIVE, cmd1, cmd2))
#define wait_event_lock_irq_cmd(wq_head, condition, lock, cmd)                                     \
	((void)__kloom_wait_around(wq_head, condition, TASK_UNINTERRUPTIBLE, KLOOM_WAIT_QUIET,     \
				   (spin_unlock_irq(&(lock)), cmd), spin_lock_irq(&(lock))))
#define wait_event_lock_irq(wq_head, condition, lock)                                              \
	((void)__kloom_wait_around(wq_head, condition, TASK_UNINTERRUPTIBLE, KLOOM_WAIT_QUIET,     \
				   spin_unlock_irq(&(lock)), spin_lock_irq(&(lock))))
#define wait_event_interruptible_lock_irq(wq_head, condition, lock)                                \
	((int)__kloom_wait_around(wq_head, condition, TASK_INTERRUPTIBLE, KLOOM_WAIT_QUIET,        \
				  spin_unlock_irq(&(lock)), spin_lock_irq(&(lock))))
#define wait_event_interruptible_lock_irq_cmd(wq_head, condition, lock, cmd)                       \
	((int)__kloom_wait_around(wq_head, condition, TASK_INTERRUPTIBLE, KLOOM_WAIT_QUIET,        \
				  (spin_unlock_irq(&(lock)), cmd), spin_lock_irq(&(lock))))
#define wait_event_lock_irq_timeout(wq_head, condition, lock, timeout)                             \
	__kloom_wait_event(wq_head, condition, TASK_UNINTERRUPTIBLE, KLOOM_WAIT_QUIET,             \
			   KLOOM_WAIT_TICKS, timeout, spin_unlock_irq(&(lock)),                    \
			   spin_lock_irq(&(lock)))
#define wait_event_interruptible_lock_irq_timeout(wq_head, condition, lock, timeout)               \
	__kloom_wait_event(wq_head, condition, TASK_INTERRUPTIBLE, KLOOM_WAIT_QUIET,               \
			   KLOOM_WAIT_TICKS, timeout, spin_unlock_irq(&(lock)),                    \
			   spin_lock_irq(&(lock)))

/* The condition is evaluated with the lock of the head itself held. */
#define wait_event_interruptible_locked(wq, condition)                                             \
	((int)__kloom_wait_around(wq, condition, TASK_INTERRUPTIBLE, KLOOM_WAIT_QUIET,             \
				  spin_unlock(&(wq).lock), spin_lock(&(wq).lock)))
#define wait_event_interruptible_locked_irq(wq, condition)                                         \
	((int)__kloom_wait_around(wq, condition, TASK_INTERRUPTIBLE, KLOOM_WAIT_QUIET,             \
				  spin_unlock_irq(&(wq).lock), spin_lock_irq(&(wq).lock)))
#define wait_event_interruptible_exclusive_locked(wq, condition)                                   \
	((int)__kloom_wait_around(wq, condition, TASK_INTERRUPTIBLE,                               \
				  KLOOM_WAIT_QUIET | WQ_FLAG_EXCLUSIVE, spin_unlock(&(wq).lock),   \
				  spin_lock(&(wq).lock)))
#define wait_event_killable_locked(wq, condition)                                                  \
	((int)__kloom_wait_around(wq, condition, TASK_KILLABLE, KLOOM_WAIT_QUIET,                  \
				  spin_unlock(&(wq).lock), spin_lock(&(wq).lock)))

/* Names of task states. At the end, because sched.h needs the types above. */
#include <linux/sched.h>
