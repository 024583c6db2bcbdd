// kloom: --bound 1
// A disabled tasklet waits; after tasklet_disable() it does not run, so the task may touch its data.
#include <linux/bug.h>
#include <linux/interrupt.h>
#include <linux/module.h>

static int value;

static void add(struct tasklet_struct *t)
{
	value++;
}

static DECLARE_TASKLET(tasklet, add);

static int __init example_init(void)
{
	tasklet_schedule(&tasklet);
	tasklet_disable(&tasklet);
	value += 10;
	tasklet_schedule(&tasklet);
	value += 10;
	tasklet_enable(&tasklet);
	return 0;
}

static void __exit example_exit(void)
{
	tasklet_kill(&tasklet);
	WARN_ON(value != 21 && value != 22);
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
