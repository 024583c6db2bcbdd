// kloom: --bound 1 --for 1s
// The interface before timer_setup(): the callback takes the number that the timer was set up with.
#include <linux/bug.h>
#include <linux/module.h>
#include <linux/timer.h>

static int sum;

static void add(unsigned long amount)
{
	sum += amount;
}

static DEFINE_TIMER(first, add, 0, 3);
static struct timer_list second;

static int __init example_init(void)
{
	setup_timer(&second, add, 4);
	second.expires = jiffies + 2;
	add_timer_on(&second, 0);
	first.expires = jiffies + 1;
	add_timer_on(&first, 0);
	return 0;
}

static void __exit example_exit(void)
{
	WARN_ON(del_timer_sync(&first));
	WARN_ON(del_timer_sync(&second));
	WARN_ON(sum != 7);
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
