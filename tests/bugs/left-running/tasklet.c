// kloom: --for 1s
// expect: left-running
// A tasklet that was scheduled while disabled still waits at the end.
#include <linux/interrupt.h>
#include <linux/module.h>

static void run(struct tasklet_struct *t)
{
}

static DECLARE_TASKLET_DISABLED(tasklet, run);

static int __init example_init(void)
{
	tasklet_schedule(&tasklet);
	return 0;
}

static void __exit example_exit(void)
{
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
