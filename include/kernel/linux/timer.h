/*
 * Timers with tick resolution. A callback runs in softirq context on the CPU on which its timer was armed, at a tick at or after
 * its expiry; the wheel's granularity grows with the distance, as in Linux. The old interface (setup_timer() with an argument,
 * DEFINE_TIMER with four) is accepted beside timer_setup().
 *
 * Context: any, unless said otherwise. Arming, deleting and asking are visible to other CPUs.
 */
#pragma once

#include <linux/list.h>
#include <linux/ktime.h>
#include <linux/stddef.h>
#include <linux/stringify.h>
#include <linux/jiffies.h>

struct timer_list {
	struct hlist_node entry; /* entry.pprev is not null while the timer is pending */
	unsigned long expires;
	void (*function)(struct timer_list *timer);
	u32 flags;
	unsigned long data; /* the argument of a callback of the old interface */
};

#define TIMER_CPUMASK 0x0003FFFFU
#define TIMER_MIGRATING 0x00040000U
#define TIMER_BASEMASK (TIMER_CPUMASK | TIMER_MIGRATING)
#define TIMER_DEFERRABLE 0x00080000U
#define TIMER_PINNED 0x00100000U
#define TIMER_IRQSAFE 0x00200000U
#define TIMER_INIT_FLAGS (TIMER_DEFERRABLE | TIMER_PINNED | TIMER_IRQSAFE)
/* The callback takes `data` and not the timer. */
#define KLOOM_TIMER_TAKES_DATA 0x00400000U

#define KLOOM_TIMER(function_, expires_, flags_, data_) \
	{ \
		{ NULL, NULL }, (expires_), (void (*)(struct timer_list *))(function_), (flags_), (unsigned long)(data_) \
	}
#define __TIMER_INITIALIZER(function_, flags_) KLOOM_TIMER(function_, 0, flags_, 0)
#define TIMER_INITIALIZER(function_, expires_, data_) KLOOM_TIMER(function_, expires_, KLOOM_TIMER_TAKES_DATA, data_)

/* DEFINE_TIMER(name, callback), or the older DEFINE_TIMER(name, callback, expires, data). */
#define KLOOM_DEFINE_TIMER2(name, function_) struct timer_list name = __TIMER_INITIALIZER(function_, 0)
#define KLOOM_DEFINE_TIMER4(name, function_, expires_, data_) \
	struct timer_list name = TIMER_INITIALIZER(function_, expires_, data_)
#define KLOOM_DEFINE_TIMER_NAME(a, b, c, d, name, ...) name
#define DEFINE_TIMER(...) \
	KLOOM_DEFINE_TIMER_NAME(__VA_ARGS__, KLOOM_DEFINE_TIMER4, 0, KLOOM_DEFINE_TIMER2, 0)(__VA_ARGS__)

KLOOM_BEGIN_DECLS

/* The timer is idle afterwards; one that is pending must not be set up again. */
void kloom_init_timer(struct timer_list *timer, void (*function)(struct timer_list *), unsigned int flags,
		      unsigned long data);

/* Requires: the timer is not pending (a BUG otherwise). */
void add_timer(struct timer_list *timer);
void add_timer_on(struct timer_list *timer, int cpu);

/* Changes the expiry and arms the timer when it is idle. Return 1 if it was pending, else 0. */
int mod_timer(struct timer_list *timer, unsigned long expires);
/* Only if it is pending. */
int mod_timer_pending(struct timer_list *timer, unsigned long expires);
/* Only if that makes it expire earlier (later it is left alone). */
int timer_reduce(struct timer_list *timer, unsigned long expires);

/* Disarm. Return 1 if the timer was pending. The callback may still be running on another CPU. */
int del_timer(struct timer_list *timer);
KLOOM_LIBC_NAME(int, timer_delete, (struct timer_list * timer));

/* Return -1, and leave the timer alone, while its callback runs. */
int try_to_del_timer_sync(struct timer_list *timer);

/*
 * Disarm and wait until the callback has returned.
 * Context: task or softirq, not from the callback itself nor under a lock that the callback takes; not hardirq unless TIMER_IRQSAFE.
 */
int del_timer_sync(struct timer_list *timer);
int timer_delete_sync(struct timer_list *timer);

/* The same, and the timer can never be armed again: its function becomes null and mod_timer() does nothing. */
int timer_shutdown(struct timer_list *timer);
int timer_shutdown_sync(struct timer_list *timer);

bool kloom_timer_pending(const struct timer_list *timer);

/* Move an expiry (a distance) to a full second: to the nearest one, or up. */
unsigned long round_jiffies(unsigned long j);
unsigned long round_jiffies_relative(unsigned long j);
unsigned long round_jiffies_up(unsigned long j);
unsigned long round_jiffies_up_relative(unsigned long j);

KLOOM_END_DECLS

static __always_inline int timer_pending(const struct timer_list *timer)
{
	return kloom_timer_pending(timer);
}

#define timer_setup(timer, callback, flags) kloom_init_timer((timer), (callback), (flags), 0)
#define timer_setup_on_stack(timer, callback, flags) timer_setup(timer, callback, flags)
#define __init_timer(timer, callback, flags) timer_setup(timer, callback, flags)
#define destroy_timer_on_stack(timer) ((void)(timer))

#define __setup_timer(timer, callback, data_, flags) \
	kloom_init_timer((timer), (void (*)(struct timer_list *))(callback), (flags) | KLOOM_TIMER_TAKES_DATA, (data_))
#define setup_timer(timer, callback, data_) __setup_timer(timer, callback, data_, 0)
#define setup_pinned_timer(timer, callback, data_) __setup_timer(timer, callback, data_, TIMER_PINNED)
#define setup_deferrable_timer(timer, callback, data_) __setup_timer(timer, callback, data_, TIMER_DEFERRABLE)
#define setup_timer_on_stack(timer, callback, data_) __setup_timer(timer, callback, data_, 0)
#define del_singleshot_timer_sync(timer) del_timer_sync(timer)

/* The object in which the timer is embedded. `var` is the variable that is being initialised. */
#define from_timer(var, callback_timer, timer_fieldname) container_of(callback_timer, __typeof__(*var), timer_fieldname)
#define timer_container_of(var, callback_timer, timer_fieldname) from_timer(var, callback_timer, timer_fieldname)
