// kloom: --bound 1
// Tasklets of high priority run first; one that is scheduled twice before it runs runs once.
#include <linux/bottom_half.h>
#include <linux/bug.h>
#include <linux/interrupt.h>
#include <linux/module.h>

static int order;
static int high_at, low_at, low_runs;

static void on_low(unsigned long data)
{
	WARN_ON(data != 5);
	low_at = ++order;
	low_runs++;
}

static void on_high(struct tasklet_struct *t)
{
	high_at = ++order;
}

static DECLARE_TASKLET(low, on_low, 5);
static struct tasklet_struct high;

static int __init example_init(void)
{
	tasklet_setup(&high, on_high);
	local_bh_disable();
	tasklet_schedule(&low);
	tasklet_schedule(&low);
	tasklet_hi_schedule(&high);
	local_bh_enable();
	return 0;
}

static void __exit example_exit(void)
{
	tasklet_kill(&low);
	tasklet_kill(&high);
	WARN_ON(high_at != 1 || low_at != 2 || low_runs != 1);
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
