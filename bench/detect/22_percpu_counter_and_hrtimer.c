// kloom:
// expect: lost-update
// A per-CPU counter is shared by a task and an hrtimer of the same CPU.
#include <linux/hrtimer.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/percpu.h>

#define ROUNDS	  100000
#define PERIOD_NS 100000

static DEFINE_PER_CPU(int, events);
static struct hrtimer timer;
static struct task_struct *thread;

static enum hrtimer_restart on_expiry(struct hrtimer *t)
{
	__this_cpu_inc(events);
	hrtimer_forward_now(t, ns_to_ktime(PERIOD_NS));
	return HRTIMER_RESTART;
}

static int worker(void *data)
{
	int i;

	hrtimer_start(&timer, ns_to_ktime(PERIOD_NS), HRTIMER_MODE_REL_PINNED);
	for (i = 0; i < ROUNDS; i++) {
		get_cpu_var(events)++;
		put_cpu_var(events);
	}
	hrtimer_cancel(&timer);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static int __init example_init(void)
{
	hrtimer_init(&timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED);
	timer.function = on_expiry;
	thread = kthread_create(worker, NULL, "worker");
	if (IS_ERR(thread))
		return PTR_ERR(thread);
	kthread_bind(thread, 0);
	wake_up_process(thread);
	return 0;
}

static void __exit example_exit(void)
{
	kthread_stop(thread);
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
