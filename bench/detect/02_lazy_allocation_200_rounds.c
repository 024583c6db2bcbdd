// kloom:
// expect: leak
// Lazy allocation without a lock, for each of 200 buffers in turn.
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/slab.h>

#define ROUNDS 200

static int *buffers[ROUNDS];
static struct task_struct *threads[2];

static int worker(void *data)
{
	int i;

	for (i = 0; i < ROUNDS; i++)
		if (!buffers[i])
			buffers[i] = kmalloc(sizeof(int), GFP_KERNEL);
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
	int i;

	kthread_stop(threads[0]);
	kthread_stop(threads[1]);
	for (i = 0; i < ROUNDS; i++)
		kfree(buffers[i]);
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
