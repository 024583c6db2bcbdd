/*
 * Work queues: functions that kernel threads (kworker/...) call in task context. Work of a bound queue runs on the CPU that queued
 * it, one at a time unless one sleeps; unbound work runs anywhere. The same work item never runs twice at once.
 */
#pragma once

#include <linux/timer.h>
#include <linux/linkage.h>
#include <linux/bitops.h>
#include <linux/lockdep.h>
#include <linux/threads.h>
#include <linux/atomic.h>
#include <linux/cpumask.h>
#include <linux/rcupdate.h>

struct workqueue_struct;
struct work_struct;
typedef void (*work_func_t)(struct work_struct *work);

enum {
	WORK_STRUCT_PENDING_BIT = 0,
	WORK_STRUCT_PENDING = 1 << WORK_STRUCT_PENDING_BIT,

	WORK_CPU_UNBOUND = 8192, /* Differences: NR_CPUS in Linux; here that may vary from module to module */

	WORK_BUSY_PENDING = 1 << 0,
	WORK_BUSY_RUNNING = 1 << 1,
};

struct work_struct {
	atomic_long_t data; /* bit 0: queued and not yet started */
	struct list_head entry;
	work_func_t func;
};

struct delayed_work {
	struct work_struct work;
	struct timer_list timer;
	struct workqueue_struct *wq;
	int cpu;
};

struct rcu_work {
	struct work_struct work;
	struct rcu_head rcu;
	struct workqueue_struct *wq;
};

#define work_data_bits(work) ((unsigned long *)(&(work)->data))

static __always_inline struct delayed_work *to_delayed_work(struct work_struct *work)
{
	return container_of(work, struct delayed_work, work);
}

static __always_inline struct rcu_work *to_rcu_work(struct work_struct *work)
{
	return container_of(work, struct rcu_work, work);
}

enum {
	WQ_UNBOUND = 1 << 1,        /* not bound to a CPU */
	WQ_FREEZABLE = 1 << 2,      /* nothing freezes on the machine */
	WQ_MEM_RECLAIM = 1 << 3,    /* has a rescuer thread */
	WQ_HIGHPRI = 1 << 4,        /* workers of high priority */
	WQ_CPU_INTENSIVE = 1 << 5,  /* does not hold up other work of its CPU */
	WQ_SYSFS = 1 << 6,
	WQ_POWER_EFFICIENT = 1 << 7,

	__WQ_DRAINING = 1 << 16,
	__WQ_ORDERED = 1 << 17,
	__WQ_LEGACY = 1 << 18,
	__WQ_ORDERED_EXPLICIT = 1 << 19,

	WQ_MAX_ACTIVE = 512,
	WQ_MAX_UNBOUND_PER_CPU = 4,
	WQ_DFL_ACTIVE = WQ_MAX_ACTIVE / 2,
};

#define WQ_UNBOUND_MAX_ACTIVE WQ_MAX_ACTIVE

KLOOM_BEGIN_DECLS

extern struct workqueue_struct *system_wq;
extern struct workqueue_struct *system_highpri_wq;
extern struct workqueue_struct *system_long_wq;
extern struct workqueue_struct *system_unbound_wq;
extern struct workqueue_struct *system_freezable_wq;
extern struct workqueue_struct *system_power_efficient_wq;
extern struct workqueue_struct *system_freezable_power_efficient_wq;

/* A queue; null without memory. At most `max_active` (0: 256) of its work items run at once per CPU. Context: task, may sleep. */
struct workqueue_struct *alloc_workqueue(const char *fmt, unsigned int flags, int max_active, ...);
/* Waits until all work is done, then frees the queue. Context: task, may sleep. */
void destroy_workqueue(struct workqueue_struct *wq);

void kloom_init_work(struct work_struct *work, work_func_t func);
void kloom_init_delayed_work(struct delayed_work *dwork, work_func_t func, unsigned int timer_flags);
/* The callback of delayed_work's timer. */
void delayed_work_timer_fn(struct timer_list *timer);

/*
 * Queue work for this CPU (or `cpu`, or where the queue likes with WORK_CPU_UNBOUND). Return false when it was queued already.
 * What was written before is seen by the work function. Context: any.
 */
bool queue_work_on(int cpu, struct workqueue_struct *wq, struct work_struct *work);
bool queue_work_node(int node, struct workqueue_struct *wq, struct work_struct *work);
bool queue_delayed_work_on(int cpu, struct workqueue_struct *wq, struct delayed_work *work, unsigned long delay);
/* Changes the delay of queued work, or queues it. Returns true if it was queued. */
bool mod_delayed_work_on(int cpu, struct workqueue_struct *wq, struct delayed_work *dwork, unsigned long delay);
bool queue_rcu_work(struct workqueue_struct *wq, struct rcu_work *rwork);
bool flush_rcu_work(struct rcu_work *rwork);

/* Wait for all work that was queued before; not from a work function of the same queue. Context: task, may sleep. */
void flush_workqueue(struct workqueue_struct *wq);
void drain_workqueue(struct workqueue_struct *wq);
/* Waits for the last queuing of the work to finish; queues delayed work at once. Returns false if it was idle. */
bool flush_work(struct work_struct *work);
bool flush_delayed_work(struct delayed_work *dwork);
/* Unqueue. Return true if the work was queued. The _sync ones also wait for it; the others leave a running one alone. */
bool cancel_work(struct work_struct *work);
bool cancel_work_sync(struct work_struct *work);
bool cancel_delayed_work(struct delayed_work *dwork);
bool cancel_delayed_work_sync(struct delayed_work *dwork);

/* Calls the function once on every online CPU and waits. Returns 0 or -ENOMEM. Context: task, may sleep. */
int schedule_on_each_cpu(work_func_t func);
/* Calls it here when in task context (returns 0), else as work (1). */
struct execute_work;
int execute_in_process_context(work_func_t fn, struct execute_work *ew);

void workqueue_set_max_active(struct workqueue_struct *wq, int max_active);
bool workqueue_congested(int cpu, struct workqueue_struct *wq);
/* WORK_BUSY_* bits. */
unsigned int work_busy(struct work_struct *work);
/* The work whose function the current task runs; null outside of one. */
struct work_struct *current_work(void);
bool current_is_workqueue_rescuer(void);

/* Run `fn(arg)` on `cpu` (in a worker) and return its result. Context: task, may sleep. */
long work_on_cpu(int cpu, long (*fn)(void *), void *arg);
long work_on_cpu_safe(int cpu, long (*fn)(void *), void *arg);

bool kloom_work_pending(const struct work_struct *work);

KLOOM_END_DECLS

struct execute_work {
	struct work_struct work;
};

#define alloc_ordered_workqueue(fmt, flags, args...) \
	alloc_workqueue(fmt, WQ_UNBOUND | __WQ_ORDERED | __WQ_ORDERED_EXPLICIT | (flags), 1, ##args)
#define create_workqueue(name) alloc_workqueue("%s", __WQ_LEGACY | WQ_MEM_RECLAIM, 1, (name))
#define create_freezable_workqueue(name) \
	alloc_workqueue("%s", __WQ_LEGACY | WQ_FREEZABLE | WQ_UNBOUND | WQ_MEM_RECLAIM, 1, (name))
#define create_singlethread_workqueue(name) alloc_ordered_workqueue("%s", __WQ_LEGACY | WQ_MEM_RECLAIM, name)

#define WORK_DATA_INIT() { 0 }
#define __WORK_INITIALIZER(n, f) { WORK_DATA_INIT(), { &(n).entry, &(n).entry }, (f) }
#define __DELAYED_WORK_INITIALIZER(n, f, tflags) \
	{ \
		__WORK_INITIALIZER((n).work, (f)), __TIMER_INITIALIZER(delayed_work_timer_fn, (tflags) | TIMER_IRQSAFE), NULL, 0 \
	}
#define DECLARE_WORK(n, f) struct work_struct n = __WORK_INITIALIZER(n, f)
#define DECLARE_DELAYED_WORK(n, f) struct delayed_work n = __DELAYED_WORK_INITIALIZER(n, f, 0)
#define DECLARE_DEFERRABLE_WORK(n, f) struct delayed_work n = __DELAYED_WORK_INITIALIZER(n, f, TIMER_DEFERRABLE)

#define INIT_WORK(work, func) kloom_init_work((work), (func))
#define INIT_WORK_ONSTACK(work, func) kloom_init_work((work), (func))
#define INIT_DELAYED_WORK(work, func) kloom_init_delayed_work((work), (func), 0)
#define INIT_DELAYED_WORK_ONSTACK(work, func) kloom_init_delayed_work((work), (func), 0)
#define INIT_DEFERRABLE_WORK(work, func) kloom_init_delayed_work((work), (func), TIMER_DEFERRABLE)
#define INIT_DEFERRABLE_WORK_ONSTACK(work, func) kloom_init_delayed_work((work), (func), TIMER_DEFERRABLE)
#define INIT_RCU_WORK(work, func) kloom_init_work(&(work)->work, (func))
#define destroy_work_on_stack(work) ((void)(work))
#define destroy_delayed_work_on_stack(work) ((void)(work))

#define work_pending(work) kloom_work_pending(work)
#define delayed_work_pending(w) kloom_work_pending(&(w)->work)

static __always_inline bool queue_work(struct workqueue_struct *wq, struct work_struct *work)
{
	return queue_work_on(WORK_CPU_UNBOUND, wq, work);
}

static __always_inline bool queue_delayed_work(struct workqueue_struct *wq, struct delayed_work *dwork,
					       unsigned long delay)
{
	return queue_delayed_work_on(WORK_CPU_UNBOUND, wq, dwork, delay);
}

static __always_inline bool mod_delayed_work(struct workqueue_struct *wq, struct delayed_work *dwork,
					     unsigned long delay)
{
	return mod_delayed_work_on(WORK_CPU_UNBOUND, wq, dwork, delay);
}

static __always_inline bool schedule_work_on(int cpu, struct work_struct *work)
{
	return queue_work_on(cpu, system_wq, work);
}

static __always_inline bool schedule_work(struct work_struct *work)
{
	return queue_work(system_wq, work);
}

static __always_inline bool schedule_delayed_work_on(int cpu, struct delayed_work *dwork, unsigned long delay)
{
	return queue_delayed_work_on(cpu, system_wq, dwork, delay);
}

static __always_inline bool schedule_delayed_work(struct delayed_work *dwork, unsigned long delay)
{
	return queue_delayed_work(system_wq, dwork, delay);
}

static __always_inline void flush_scheduled_work(void)
{
	flush_workqueue(system_wq);
}
