// kloom:
// Softirqs are off while the task adds to the counter.
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/timer.h>

#define ROUNDS 2

static DEFINE_PER_CPU(int, events);
static struct timer_list timer;
static struct task_struct *thread;

static void on_expiry(struct timer_list *t)
{
	__this_cpu_inc(events);
	mod_timer(t, jiffies + 1);
}

static int worker(void *data)
{
	int i;

	mod_timer(&timer, jiffies + 1);
	for (i = 0; i < ROUNDS; i++) {
		local_bh_disable();
		__this_cpu_inc(events);
		local_bh_enable();
	}
	del_timer_sync(&timer);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static int __init example_init(void)
{
	timer_setup(&timer, on_expiry, TIMER_PINNED);
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
