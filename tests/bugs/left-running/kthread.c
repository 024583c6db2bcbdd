// kloom: --for 1s
// expect: left-running
/* The module goes while its kthread still runs its code. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

static int run(void *data)
{
	while (!kthread_should_stop())
		msleep(100);
	return 0;
}

static int __init start(void)
{
	kthread_run(run, NULL, "runner");
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
