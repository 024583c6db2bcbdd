// kloom:
// The lock makes each addition one step.
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/spinlock.h>

#define ROUNDS 2

static DEFINE_SPINLOCK(lock);
static int V;
static struct task_struct *threads[2];

static int worker(void *data)
{
	int i;

	for (i = 0; i < ROUNDS; i++) {
		spin_lock(&lock);
		V++;
		spin_unlock(&lock);
	}
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
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
