// kloom: --for 1s
// expect: hang
// tasklet_kill() waits until the tasklet has run, which it cannot while it is disabled.
#include <linux/interrupt.h>
#include <linux/module.h>

static void run(struct tasklet_struct *t)
{
}

static DECLARE_TASKLET(tasklet, run);

static int __init example_init(void)
{
	tasklet_disable(&tasklet);
	tasklet_schedule(&tasklet);
	return 0;
}

static void __exit example_exit(void)
{
	tasklet_kill(&tasklet);
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
