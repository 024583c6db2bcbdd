/*
 * Interrupt handlers, softirqs and tasklets. A handler runs in hardirq context with interrupts off; its line is masked on every
 * CPU meanwhile. Softirqs run when the outermost hardirq of their CPU ends, when bottom halves are enabled again, or in
 * ksoftirqd; tasklets run from two of them, one at a time each.
 */
#pragma once

#include <linux/kernel.h>
#include <linux/bitops.h>
#include <linux/cpumask.h>
#include <linux/irqreturn.h>
#include <linux/irqnr.h>
#include <linux/hardirq.h>
#include <linux/bottom_half.h>
#include <linux/irqflags.h>
#include <linux/hrtimer.h>
#include <linux/kobject.h>
#include <linux/kref.h>
#include <linux/workqueue.h>
#include <linux/atomic.h>
#include <asm/io.h>
#include <asm/irq.h>

/* ---- lines ---- */

#define IRQF_TRIGGER_NONE 0x00000000
#define IRQF_TRIGGER_RISING 0x00000001
#define IRQF_TRIGGER_FALLING 0x00000002
#define IRQF_TRIGGER_HIGH 0x00000004
#define IRQF_TRIGGER_LOW 0x00000008
#define IRQF_TRIGGER_MASK \
	(IRQF_TRIGGER_HIGH | IRQF_TRIGGER_LOW | IRQF_TRIGGER_RISING | IRQF_TRIGGER_FALLING)
#define IRQF_TRIGGER_PROBE 0x00000010

#define IRQF_SHARED 0x00000080
#define IRQF_PROBE_SHARED 0x00000100
#define __IRQF_TIMER 0x00000200
#define IRQF_PERCPU 0x00000400
#define IRQF_NOBALANCING 0x00000800
#define IRQF_IRQPOLL 0x00001000
#define IRQF_ONESHOT 0x00002000
#define IRQF_NO_SUSPEND 0x00004000
#define IRQF_FORCE_RESUME 0x00008000
#define IRQF_NO_THREAD 0x00010000
#define IRQF_EARLY_RESUME 0x00020000
#define IRQF_COND_SUSPEND 0x00040000
#define IRQF_NO_AUTOEN 0x00080000
#define IRQF_TIMER (__IRQF_TIMER | IRQF_NO_SUSPEND | IRQF_NO_THREAD)

#define IRQ_NOTCONNECTED (1U << 31)

typedef irqreturn_t (*irq_handler_t)(int irq, void *dev_id);

struct device;

KLOOM_BEGIN_DECLS

/*
 * Installs `handler` (hardirq) and `thread_fn` (a kthread "irq/LINE-NAME" that runs when the handler returns IRQ_WAKE_THREAD; a null
 * handler always wakes it). `name` is shown by /proc/interrupts. Returns 0, -EBUSY if the line is taken and not both agree to
 * share it, -EINVAL for a bad line, no handler at all, a shared line without a dev_id, or a null handler without IRQF_ONESHOT.
 * Context: task, may sleep.
 */
int request_threaded_irq(unsigned int irq, irq_handler_t handler, irq_handler_t thread_fn, unsigned long flags,
			 const char *name, void *dev_id);
/* Hardirq or threaded, as the line demands; here always hardirq. Returns IRQC_IS_HARDIRQ or an error. */
int request_any_context_irq(unsigned int irq, irq_handler_t handler, unsigned long flags, const char *name,
			    void *dev_id);

/*
 * Removes the handler that was requested with `dev_id`, waits for it, ends its thread. Returns the name, null if there is none.
 * Context: task, may sleep; not from the handler.
 */
const void *free_irq(unsigned int irq, void *dev_id);

/* Nest. disable_irq() also waits for running handlers, so it must not be called from one. */
void disable_irq(unsigned int irq);
void disable_irq_nosync(unsigned int irq);
/* Returns false when a threaded handler still runs. Waits for the hardirq part only. */
bool disable_hardirq(unsigned int irq);
void enable_irq(unsigned int irq);

int kloom_irq_set_affinity(unsigned int irq, const struct cpumask *cpus);
int irq_can_set_affinity(unsigned int irq);

/* Autodetection of a line: the mask of the idle ones, then the one of them that was raised meanwhile (negative: several). */
unsigned long probe_irq_on(void);
int probe_irq_off(unsigned long mask);

int devm_request_threaded_irq(struct device *dev, unsigned int irq, irq_handler_t handler, irq_handler_t thread_fn,
			      unsigned long irqflags, const char *devname, void *dev_id);
int devm_request_any_context_irq(struct device *dev, unsigned int irq, irq_handler_t handler, unsigned long irqflags,
				 const char *devname, void *dev_id);
void devm_free_irq(struct device *dev, unsigned int irq, void *dev_id);

KLOOM_END_DECLS

#define IRQC_IS_HARDIRQ 0
#define IRQC_IS_NESTED 1

static __always_inline int __must_check request_irq(unsigned int irq, irq_handler_t handler, unsigned long flags,
						    const char *name, void *dev)
{
	return request_threaded_irq(irq, handler, NULL, flags, name, dev);
}

static __always_inline int __must_check devm_request_irq(struct device *dev, unsigned int irq, irq_handler_t handler,
							 unsigned long irqflags, const char *devname, void *dev_id)
{
	return devm_request_threaded_irq(dev, irq, handler, NULL, irqflags, devname, dev_id);
}

static __always_inline int irq_set_affinity(unsigned int irq, const struct cpumask *cpumask)
{
	return kloom_irq_set_affinity(irq, cpumask);
}

static __always_inline int irq_force_affinity(unsigned int irq, const struct cpumask *cpumask)
{
	return kloom_irq_set_affinity(irq, cpumask);
}

static __always_inline int irq_set_affinity_and_hint(unsigned int irq, const struct cpumask *cpumask)
{
	return cpumask ? kloom_irq_set_affinity(irq, cpumask) : 0;
}

static __always_inline int irq_set_affinity_hint(unsigned int irq, const struct cpumask *cpumask)
{
	return cpumask ? kloom_irq_set_affinity(irq, cpumask) : 0;
}

#define disable_irq_nosync_lockdep(irq) disable_irq_nosync(irq)
#define enable_irq_lockdep(irq) enable_irq(irq)
#define local_irq_enable_in_hardirq() local_irq_enable()

/* ---- softirqs ---- */

/* The vectors, in the order in which they run. */
enum {
	HI_SOFTIRQ = 0,
	TIMER_SOFTIRQ,
	NET_TX_SOFTIRQ,
	NET_RX_SOFTIRQ,
	BLOCK_SOFTIRQ,
	IRQ_POLL_SOFTIRQ,
	TASKLET_SOFTIRQ,
	SCHED_SOFTIRQ,
	HRTIMER_SOFTIRQ,
	RCU_SOFTIRQ,
	NR_SOFTIRQS
};

struct softirq_action {
	void (*action)(struct softirq_action *);
};

struct task_struct;

KLOOM_BEGIN_DECLS

extern const char *const softirq_to_name[NR_SOFTIRQS];

/* Installs the function of a vector. Context: task. */
void open_softirq(int nr, void (*action)(struct softirq_action *));
/* Mark a vector pending on this CPU; outside of interrupts ksoftirqd is woken. The second requires interrupts off. */
void raise_softirq(unsigned int nr);
void raise_softirq_irqoff(unsigned int nr);
void __raise_softirq_irqoff(unsigned int nr);
/* Runs what is pending on this CPU now, unless in an interrupt. */
void do_softirq(void);

KLOOM_END_DECLS

/* ---- tasklets ---- */

struct tasklet_struct {
	struct tasklet_struct *next;
	unsigned long state; /* bits of TASKLET_STATE_* */
	atomic_t count;      /* 0: enabled */
	bool use_callback;
	union {
		void (*func)(unsigned long data);
		void (*callback)(struct tasklet_struct *t);
	};
	unsigned long data;
};

enum {
	TASKLET_STATE_SCHED, /* waits to run */
	TASKLET_STATE_RUN,   /* runs on some CPU */
};

/*
 * DECLARE_TASKLET(name, callback) as of 5.9, or the older DECLARE_TASKLET(name, function, data). A tasklet with a
 * count other than 0 starts disabled.
 */
#ifdef __cplusplus
struct kloom_tasklet : tasklet_struct {
	kloom_tasklet(int count_, void (*callback_)(struct tasklet_struct *)) : tasklet_struct{}
	{
		count.counter = count_;
		use_callback = true;
		callback = callback_;
	}
	kloom_tasklet(int count_, void (*func_)(unsigned long), unsigned long data_) : tasklet_struct{}
	{
		count.counter = count_;
		func = func_;
		data = data_;
	}
};
#define KLOOM_TASKLET2(name, callback_, count_) struct tasklet_struct name = kloom_tasklet((count_), (callback_))
#define KLOOM_TASKLET3(name, func_, data_, count_) \
	struct tasklet_struct name = kloom_tasklet((count_), (func_), (unsigned long)(data_))
#else
#define KLOOM_TASKLET2(name, callback_, count_) \
	struct tasklet_struct name = { .count = ATOMIC_INIT(count_), .use_callback = true, .callback = (callback_) }
#define KLOOM_TASKLET3(name, func_, data_, count_) \
	struct tasklet_struct name = { .count = ATOMIC_INIT(count_), .func = (func_), .data = (unsigned long)(data_) }
#endif
#define KLOOM_TASKLET_ENABLED2(name, callback_) KLOOM_TASKLET2(name, callback_, 0)
#define KLOOM_TASKLET_ENABLED3(name, func_, data_) KLOOM_TASKLET3(name, func_, data_, 0)
#define KLOOM_TASKLET_DISABLED2(name, callback_) KLOOM_TASKLET2(name, callback_, 1)
#define KLOOM_TASKLET_DISABLED3(name, func_, data_) KLOOM_TASKLET3(name, func_, data_, 1)
#define KLOOM_TASKLET_NAME(a, b, c, name, ...) name
#define DECLARE_TASKLET(...) \
	KLOOM_TASKLET_NAME(__VA_ARGS__, KLOOM_TASKLET_ENABLED3, KLOOM_TASKLET_ENABLED2, 0)(__VA_ARGS__)
#define DECLARE_TASKLET_DISABLED(...) \
	KLOOM_TASKLET_NAME(__VA_ARGS__, KLOOM_TASKLET_DISABLED3, KLOOM_TASKLET_DISABLED2, 0)(__VA_ARGS__)
#define DECLARE_TASKLET_OLD(name, func_) KLOOM_TASKLET3(name, func_, 0, 0)
#define DECLARE_TASKLET_DISABLED_OLD(name, func_) KLOOM_TASKLET3(name, func_, 0, 1)

#define from_tasklet(var, callback_tasklet, tasklet_fieldname) \
	container_of(callback_tasklet, __typeof__(*var), tasklet_fieldname)

KLOOM_BEGIN_DECLS

void tasklet_init(struct tasklet_struct *t, void (*func)(unsigned long), unsigned long data);
void tasklet_setup(struct tasklet_struct *t, void (*callback)(struct tasklet_struct *));

/* Context: any. Nothing happens when the tasklet waits already. It runs on the CPU that scheduled it. */
void tasklet_schedule(struct tasklet_struct *t);
/* The same before all other softirqs. */
void tasklet_hi_schedule(struct tasklet_struct *t);

/* Nest. A disabled tasklet waits until it is enabled. tasklet_disable() waits for a running one. */
void tasklet_disable(struct tasklet_struct *t);
void tasklet_disable_nosync(struct tasklet_struct *t);
void tasklet_disable_in_atomic(struct tasklet_struct *t);
void tasklet_enable(struct tasklet_struct *t);

/* Waits until the tasklet has run and will not run again by itself. Context: task, may sleep. */
void tasklet_kill(struct tasklet_struct *t);

/* Claim, give back and wait for the right to run the tasklet. */
int tasklet_trylock(struct tasklet_struct *t);
void tasklet_unlock(struct tasklet_struct *t);
void tasklet_unlock_wait(struct tasklet_struct *t);
void tasklet_unlock_spin_wait(struct tasklet_struct *t);

KLOOM_END_DECLS
