/*
 * Completions: a counter of "done" that waiters consume, one each, in the order of their arrival;
 * complete_all() makes it endless.
 *
 * Context: waiting needs a task that may sleep; complete(), complete_all(),
 * try_wait_for_completion() and completion_done() are possible everywhere.
 */
#pragma once

#include <linux/wait.h>

struct completion {
	unsigned int done;
	/* Only initialised. Who waits is kept by the machine. */
	wait_queue_head_t wait;
};

#define COMPLETION_INITIALIZER(work)                                                               \
	{                                                                                          \
		.done = 0, .wait = __WAIT_QUEUE_HEAD_INITIALIZER((work).wait)                      \
	}
#define COMPLETION_INITIALIZER_ONSTACK(work)                                                       \
	(*({                                                                                       \
		init_completion(&work);                                                            \
		&work;                                                                             \
	}))
#define DECLARE_COMPLETION(work)	 struct completion work = COMPLETION_INITIALIZER(work)
#define DECLARE_COMPLETION_ONSTACK(work) DECLARE_COMPLETION(work)

KLOOM_BEGIN_DECLS
extern void init_completion(struct completion *x);
/* Ready to be waited for again. */
extern void reinit_completion(struct completion *x);

extern void wait_for_completion(struct completion *x);
extern void wait_for_completion_io(struct completion *x);
/* 0, or -ERESTARTSYS when a signal (a fatal one for _killable) ended the wait. */
extern int wait_for_completion_interruptible(struct completion *x);
extern int wait_for_completion_killable(struct completion *x);
extern int wait_for_completion_state(struct completion *x, unsigned int state);
/* The ticks that were left (at least 1), 0 when they ran out, or -ERESTARTSYS. */
extern unsigned long wait_for_completion_timeout(struct completion *x, unsigned long timeout);
extern unsigned long wait_for_completion_io_timeout(struct completion *x, unsigned long timeout);
extern long wait_for_completion_interruptible_timeout(struct completion *x, unsigned long timeout);
extern long wait_for_completion_killable_timeout(struct completion *x, unsigned long timeout);
/* Consumes one if there is one. */
extern bool try_wait_for_completion(struct completion *x);
extern bool completion_done(struct completion *x);

extern void complete(struct completion *x);
extern void complete_all(struct completion *x);
KLOOM_END_DECLS

#define init_completion_map(x, map) init_completion(x)
