// kloom: --for 1s
// expect: use-after-free
// tasklet_disable() leaves a scheduled tasklet on the list of its CPU; tasklet_kill() takes it off.
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/slab.h>

static struct tasklet_struct *tasklet;

static void run(struct tasklet_struct *t)
{
}

static int __init example_init(void)
{
	tasklet = kmalloc(sizeof(*tasklet), GFP_KERNEL);
	if (!tasklet)
		return -ENOMEM;
	tasklet_setup(tasklet, run);
	tasklet_disable(tasklet);
	tasklet_schedule(tasklet);
	return 0;
}

static void __exit example_exit(void)
{
	tasklet_disable(tasklet);
	kfree(tasklet);
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
