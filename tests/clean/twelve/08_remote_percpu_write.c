// kloom:
// Owner and visitor hold the same lock.
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/spinlock.h>

static DEFINE_PER_CPU(int, events);
static DEFINE_SPINLOCK(events_lock);
static struct task_struct *owner;

static int owner_main(void *data)
{
	spin_lock(&events_lock);
	__this_cpu_inc(events);
	spin_unlock(&events_lock);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static int __init example_init(void)
{
	owner = kthread_create(owner_main, NULL, "owner");
	if (IS_ERR(owner))
		return PTR_ERR(owner);
	kthread_bind(owner, 1);
	wake_up_process(owner);
	spin_lock(&events_lock);
	per_cpu(events, 1) = 0;
	spin_unlock(&events_lock);
	return 0;
}

static void __exit example_exit(void)
{
	kthread_stop(owner);
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
