// kloom: --for 1s
/* While a kthread is parked it does not run; kthread_unpark() lets it go on. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

static struct task_struct *task;
static int rounds;

static int run(void *data)
{
	while (!kthread_should_stop()) {
		if (kthread_should_park())
			kthread_parkme();
		WRITE_ONCE(rounds, rounds + 1);
		msleep(10);
	}
	return 0;
}

static int __init start(void)
{
	int before;

	task = kthread_run(run, NULL, "parker");
	msleep(50);
	WARN_ON(kthread_park(task));
	before = READ_ONCE(rounds);
	msleep(100);
	WARN_ON(READ_ONCE(rounds) != before);
	kthread_unpark(task);
	msleep(100);
	WARN_ON(READ_ONCE(rounds) == before);
	return 0;
}

static void __exit stop(void)
{
	kthread_stop(task);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
