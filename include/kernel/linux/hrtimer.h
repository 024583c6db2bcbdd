/*
 * High-resolution timers. A callback runs in hardirq context with interrupts off (in softirq context with HRTIMER_MODE_SOFT), on the
 * CPU on which the timer was started, at the nanosecond of its expiry or later. HRTIMER_RESTART arms the timer again at its
 * expiry time: a callback that does not move it forward fires at once, for ever.
 *
 * Context: any, unless said otherwise.
 */
#pragma once

#include <asm/processor.h>
#include <linux/hrtimer_defs.h>
#include <linux/rbtree.h>
#include <linux/init.h>
#include <linux/list.h>
#include <linux/percpu.h>
#include <linux/timer.h>
#include <linux/timerqueue.h>
#include <linux/timekeeping.h>
#include <linux/time.h>

enum hrtimer_mode {
	HRTIMER_MODE_ABS = 0x00,
	HRTIMER_MODE_REL = 0x01,
	HRTIMER_MODE_PINNED = 0x02,
	HRTIMER_MODE_SOFT = 0x04,
	HRTIMER_MODE_HARD = 0x08,
	HRTIMER_MODE_ABS_PINNED = HRTIMER_MODE_ABS | HRTIMER_MODE_PINNED,
	HRTIMER_MODE_REL_PINNED = HRTIMER_MODE_REL | HRTIMER_MODE_PINNED,
	HRTIMER_MODE_ABS_SOFT = HRTIMER_MODE_ABS | HRTIMER_MODE_SOFT,
	HRTIMER_MODE_REL_SOFT = HRTIMER_MODE_REL | HRTIMER_MODE_SOFT,
	HRTIMER_MODE_ABS_PINNED_SOFT = HRTIMER_MODE_ABS_PINNED | HRTIMER_MODE_SOFT,
	HRTIMER_MODE_REL_PINNED_SOFT = HRTIMER_MODE_REL_PINNED | HRTIMER_MODE_SOFT,
	HRTIMER_MODE_ABS_HARD = HRTIMER_MODE_ABS | HRTIMER_MODE_HARD,
	HRTIMER_MODE_REL_HARD = HRTIMER_MODE_REL | HRTIMER_MODE_HARD,
	HRTIMER_MODE_ABS_PINNED_HARD = HRTIMER_MODE_ABS_PINNED | HRTIMER_MODE_HARD,
	HRTIMER_MODE_REL_PINNED_HARD = HRTIMER_MODE_REL_PINNED | HRTIMER_MODE_HARD,
};

enum hrtimer_restart {
	HRTIMER_NORESTART,
	HRTIMER_RESTART,
};

#define HRTIMER_STATE_INACTIVE 0x00
#define HRTIMER_STATE_ENQUEUED 0x01

/* The clock that a timer follows. */
struct hrtimer_clock_base {
	clockid_t clockid;
	ktime_t (*get_time)(void);
};

struct hrtimer {
	struct timerqueue_node node;
	ktime_t _softexpires;
	enum hrtimer_restart (*function)(struct hrtimer *timer);
	struct hrtimer_clock_base *base;
	u8 state;
	u8 is_rel;
	u8 is_soft;
	u8 is_hard;
};

/* A timer that wakes a task. */
struct task_struct;
struct hrtimer_sleeper {
	struct hrtimer timer;
	struct task_struct *task; /* null once the timer has expired */
};

KLOOM_BEGIN_DECLS

/* Sets up an idle timer on CLOCK_MONOTONIC, CLOCK_REALTIME, CLOCK_BOOTTIME or CLOCK_TAI. */
void hrtimer_init(struct hrtimer *timer, clockid_t which_clock, enum hrtimer_mode mode);
void hrtimer_setup(struct hrtimer *timer, enum hrtimer_restart (*function)(struct hrtimer *), clockid_t which_clock,
		   enum hrtimer_mode mode);

/* (Re)starts the timer: at `tim`, or `tim` from now with HRTIMER_MODE_REL; it may expire up to `range_ns` later. */
void hrtimer_start_range_ns(struct hrtimer *timer, ktime_t tim, u64 range_ns, const enum hrtimer_mode mode);

/*
 * Stops the timer and waits for its callback. Returns 1 if it was active.
 * Context: not from the callback itself nor under a lock that the callback takes.
 */
int hrtimer_cancel(struct hrtimer *timer);
/* The same without waiting: -1, and nothing is done, while the callback runs. */
int hrtimer_try_to_cancel(struct hrtimer *timer);

/*
 * Adds `interval` to the expiry until it lies after `now`; returns how often. The timer must not be enqueued: call it from the
 * callback or before starting the timer.
 */
u64 hrtimer_forward(struct hrtimer *timer, ktime_t now, ktime_t interval);

ktime_t __hrtimer_get_remaining(const struct hrtimer *timer, bool adjust);
/* Enqueued, or its callback runs. */
bool hrtimer_active(const struct hrtimer *timer);
bool hrtimer_is_queued(struct hrtimer *timer);
int hrtimer_callback_running(struct hrtimer *timer);
/* Nanoseconds until the next hrtimer of this CPU expires; KTIME_MAX if there is none. */
u64 hrtimer_get_next_event(void);

/* A sleeper whose timer wakes the current task. */
void hrtimer_init_sleeper(struct hrtimer_sleeper *sl, clockid_t clock_id, enum hrtimer_mode mode);
void hrtimer_sleeper_start_expires(struct hrtimer_sleeper *sl, enum hrtimer_mode mode);

/*
 * Sleep in the state that the caller has set, until `*expires` (null: for ever). Return 0 when the time is over, -EINTR when the
 * task was woken before.
 * Context: task, may sleep.
 */
int schedule_hrtimeout(ktime_t *expires, const enum hrtimer_mode mode);
int schedule_hrtimeout_range(ktime_t *expires, u64 delta, const enum hrtimer_mode mode);
int schedule_hrtimeout_range_clock(ktime_t *expires, u64 delta, const enum hrtimer_mode mode, clockid_t clock_id);

KLOOM_END_DECLS

static __always_inline void hrtimer_start(struct hrtimer *timer, ktime_t tim, const enum hrtimer_mode mode)
{
	hrtimer_start_range_ns(timer, tim, 0, mode);
}

#define hrtimer_init_on_stack(timer, which_clock, mode) hrtimer_init(timer, which_clock, mode)
#define hrtimer_init_sleeper_on_stack(sl, clock_id, mode) hrtimer_init_sleeper(sl, clock_id, mode)
#define destroy_hrtimer_on_stack(timer) ((void)(timer))

static __always_inline void hrtimer_set_expires(struct hrtimer *timer, ktime_t time)
{
	timer->node.expires = time;
	timer->_softexpires = time;
}

static __always_inline void hrtimer_set_expires_range(struct hrtimer *timer, ktime_t time, ktime_t delta)
{
	timer->_softexpires = time;
	timer->node.expires = ktime_add(time, delta);
}

static __always_inline void hrtimer_set_expires_range_ns(struct hrtimer *timer, ktime_t time, u64 delta)
{
	hrtimer_set_expires_range(timer, time, ns_to_ktime(delta));
}

static __always_inline void hrtimer_add_expires(struct hrtimer *timer, ktime_t time)
{
	timer->node.expires = ktime_add(timer->node.expires, time);
	timer->_softexpires = ktime_add(timer->_softexpires, time);
}

static __always_inline void hrtimer_add_expires_ns(struct hrtimer *timer, u64 ns)
{
	hrtimer_add_expires(timer, ns_to_ktime(ns));
}

static __always_inline ktime_t hrtimer_get_expires(const struct hrtimer *timer)
{
	return timer->node.expires;
}

static __always_inline ktime_t hrtimer_get_softexpires(const struct hrtimer *timer)
{
	return timer->_softexpires;
}

static __always_inline s64 hrtimer_get_expires_ns(const struct hrtimer *timer)
{
	return ktime_to_ns(timer->node.expires);
}

static __always_inline ktime_t hrtimer_cb_get_time(struct hrtimer *timer)
{
	return timer->base->get_time();
}

static __always_inline ktime_t hrtimer_expires_remaining(const struct hrtimer *timer)
{
	return ktime_sub(timer->node.expires, timer->base->get_time());
}

static __always_inline u64 hrtimer_forward_now(struct hrtimer *timer, ktime_t interval)
{
	return hrtimer_forward(timer, timer->base->get_time(), interval);
}

static __always_inline ktime_t hrtimer_get_remaining(const struct hrtimer *timer)
{
	return __hrtimer_get_remaining(timer, false);
}

static __always_inline void hrtimer_start_expires(struct hrtimer *timer, enum hrtimer_mode mode)
{
	ktime_t soft = hrtimer_get_softexpires(timer);
	u64 delta = ktime_to_ns(ktime_sub(hrtimer_get_expires(timer), soft));

	hrtimer_start_range_ns(timer, soft, delta, mode);
}

static __always_inline void hrtimer_restart(struct hrtimer *timer)
{
	hrtimer_start_expires(timer, HRTIMER_MODE_ABS);
}

#define hrtimer_is_hres_active(timer) ((void)(timer), 1)
