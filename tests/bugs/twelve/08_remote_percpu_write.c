// kloom:
// expect: remote-percpu
// CPU 1 counts its events while another CPU resets the counter, without a lock.
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/spinlock.h>

static DEFINE_PER_CPU(int, events);

static struct task_struct *owner;

static int owner_main(void *data)
{
	get_cpu_var(events)++;
	put_cpu_var(events);
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
	per_cpu(events, 1) = 0;
	return 0;
}

static void __exit example_exit(void)
{
	kthread_stop(owner);
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
