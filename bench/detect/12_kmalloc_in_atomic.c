// kloom:
// expect: sleep-in-atomic
// kmalloc(GFP_KERNEL) between get_cpu() and put_cpu().
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/smp.h>

static struct task_struct *thread;

static int worker(void *data)
{
	int cpu = get_cpu();
	int *number = kmalloc(sizeof(*number), GFP_KERNEL);

	if (number)
		*number = cpu;
	put_cpu();
	kfree(number);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static int __init example_init(void)
{
	thread = kthread_run(worker, NULL, "worker");
	return PTR_ERR_OR_ZERO(thread);
}

static void __exit example_exit(void)
{
	kthread_stop(thread);
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
