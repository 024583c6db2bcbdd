/*
 * Kernel threads. A new kthread does not run its function before it is woken; kthread_stop() and kthread_park() ask it to come
 * to an end or to a halt, and wait until it has. A kthread_worker is a kthread that works off a queue.
 */
#pragma once

#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/list.h>
#include <linux/numa.h>
#include <linux/sched.h>
#include <linux/spinlock_types.h>
#include <linux/timer.h>

KLOOM_BEGIN_DECLS
/*
 * Makes a kthread that runs threadfn(data). ERR_PTR(-EINTR) when the creator is killed.
 * Context: task, may sleep. Differences: the kthread is made at once, not by kthreadd.
 */
extern __printf(4, 5) struct task_struct *kthread_create_on_node(int (*threadfn)(void *data), void *data, int node,
								 const char namefmt[], ...);
/* The kthread is bound to `cpu`; "%u" in the name stands for the CPU. */
extern struct task_struct *kthread_create_on_cpu(int (*threadfn)(void *data), void *data, unsigned int cpu,
						 const char *namefmt);

/* Binds a kthread that has not run yet. Context: task. */
extern void kthread_bind(struct task_struct *k, unsigned int cpu);
extern void kthread_bind_mask(struct task_struct *k, const struct cpumask *mask);
extern void kthread_set_per_cpu(struct task_struct *k, int cpu);
extern bool kthread_is_per_cpu(struct task_struct *k);

/*
 * Asks the kthread to end, wakes it and waits for its end; returns what its function returned, -EINTR if it never ran.
 * Requires: the kthread has not ended, or the caller holds a reference. Context: task, may sleep.
 */
extern int kthread_stop(struct task_struct *k);
extern bool kthread_should_stop(void);
extern bool __kthread_should_stop(struct task_struct *k);
extern bool kthread_freezable_should_stop(bool *was_frozen);

/* Asks the kthread to halt in kthread_parkme() and waits for it; 0 or -ENOSYS if it is ending. Context: task, may sleep. */
extern int kthread_park(struct task_struct *k);
extern void kthread_unpark(struct task_struct *k);
extern bool kthread_should_park(void);
extern bool __kthread_should_park(struct task_struct *k);
extern void kthread_parkme(void);

extern void *kthread_data(struct task_struct *k);
extern void *kthread_probe_data(struct task_struct *k);
extern void *kthread_func(struct task_struct *k);

/* Ends the running kthread with a result. Context: task. */
extern __noreturn void kthread_exit(long result);
extern __noreturn void kthread_complete_and_exit(struct completion *comp, long code);
extern __noreturn void complete_and_exit(struct completion *comp, long code);
KLOOM_END_DECLS

#define kthread_create(threadfn, data, namefmt, arg...) \
	kthread_create_on_node(threadfn, data, NUMA_NO_NODE, namefmt, ##arg)

#define kthread_run(threadfn, data, namefmt, ...) \
	({ \
		struct task_struct *__k = kthread_create(threadfn, data, namefmt, ##__VA_ARGS__); \
		if (!IS_ERR(__k)) \
			wake_up_process(__k); \
		__k; \
	})

static inline struct task_struct *kthread_run_on_cpu(int (*threadfn)(void *data), void *data, unsigned int cpu,
						     const char *namefmt)
{
	struct task_struct *k = kthread_create_on_cpu(threadfn, data, cpu, namefmt);

	if (!IS_ERR(k))
		wake_up_process(k);
	return k;
}

struct kthread_work;
typedef void (*kthread_work_func_t)(struct kthread_work *work);

enum { KTW_FREEZABLE = 1 << 0 };

struct kthread_worker {
	unsigned int flags;
	raw_spinlock_t lock;
	struct list_head work_list;
	struct list_head delayed_work_list;
	struct task_struct *task;
	struct kthread_work *current_work;
};

struct kthread_work {
	struct list_head node;
	kthread_work_func_t func;
	struct kthread_worker *worker;
	int canceling;
};

struct kthread_delayed_work {
	struct kthread_work work;
	struct timer_list timer;
};

KLOOM_BEGIN_DECLS
extern void kthread_delayed_work_timer_fn(struct timer_list *t);
extern int kthread_worker_fn(void *worker_ptr);
/* The worker is allocated and its kthread runs. Context: task, may sleep. */
extern __printf(2, 3) struct kthread_worker *kthread_create_worker(unsigned int flags, const char namefmt[], ...);
extern __printf(3, 4) struct kthread_worker *kthread_create_worker_on_cpu(int cpu, unsigned int flags,
									   const char namefmt[], ...);
extern void kthread_destroy_worker(struct kthread_worker *worker);

/* False when the work was queued already. Context: any. */
extern bool kthread_queue_work(struct kthread_worker *worker, struct kthread_work *work);
extern bool kthread_queue_delayed_work(struct kthread_worker *worker, struct kthread_delayed_work *dwork,
				       unsigned long delay);
extern bool kthread_mod_delayed_work(struct kthread_worker *worker, struct kthread_delayed_work *dwork,
				     unsigned long delay);

/* Wait until the work, or all work queued so far, has run. Context: task, may sleep. */
extern void kthread_flush_work(struct kthread_work *work);
extern void kthread_flush_worker(struct kthread_worker *worker);
/* True when the work was queued; it does not run any more afterwards. Context: task, may sleep. */
extern bool kthread_cancel_work_sync(struct kthread_work *work);
extern bool kthread_cancel_delayed_work_sync(struct kthread_delayed_work *dwork);

extern void kthread_init_worker(struct kthread_worker *worker);
KLOOM_END_DECLS

#define KTHREAD_WORK_INIT(work, fn) { LIST_HEAD_INIT((work).node), (fn), NULL, 0 }
#define DEFINE_KTHREAD_WORK(work, fn) struct kthread_work work = KTHREAD_WORK_INIT(work, fn)

static __always_inline void __kthread_init_work(struct kthread_work *work, kthread_work_func_t fn)
{
	INIT_LIST_HEAD(&work->node);
	work->func = fn;
	work->worker = NULL;
	work->canceling = 0;
}
#define kthread_init_work(work, fn) __kthread_init_work(work, fn)
#define kthread_init_delayed_work(dwork, fn) \
	do { \
		kthread_init_work(&(dwork)->work, (fn)); \
		timer_setup(&(dwork)->timer, kthread_delayed_work_timer_fn, TIMER_IRQSAFE); \
	} while (0)
