// kloom:
// expect: leak
// Two threads allocate a buffer on its first use: both may find it missing, and one buffer is lost.
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/slab.h>

static int *buffer;
static struct task_struct *threads[2];

static int worker(void *data)
{
	if (!buffer)
		buffer = kmalloc(sizeof(*buffer), GFP_KERNEL);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static int __init example_init(void)
{
	int i;

	for (i = 0; i < 2; i++) {
		threads[i] = kthread_run(worker, NULL, "worker/%d", i);
		if (IS_ERR(threads[i]))
			return PTR_ERR(threads[i]);
	}
	return 0;
}

static void __exit example_exit(void)
{
	kthread_stop(threads[0]);
	kthread_stop(threads[1]);
	kfree(buffer);
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
