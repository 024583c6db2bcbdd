// kloom: --for 1s
/* kthread_stop() returns what the function returned, and -EINTR for a kthread that never ran. */
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/module.h>

static struct task_struct *runner, *sleeper;
static int rounds;

static int run(void *data)
{
	while (!kthread_should_stop()) {
		rounds++;
		msleep(100);
	}
	return 42;
}

static int __init start(void)
{
	runner = kthread_run(run, NULL, "runner/%d", 7);
	if (IS_ERR(runner))
		return PTR_ERR(runner);
	sleeper = kthread_create(run, NULL, "never started");
	WARN_ON(strcmp(runner->comm, "runner/7"));
	return 0;
}

static void __exit stop(void)
{
	WARN_ON(kthread_stop(runner) != 42);
	WARN_ON(kthread_stop(sleeper) != -EINTR);
	pr_info("%d rounds\n", rounds);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
