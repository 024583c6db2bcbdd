// kloom: --for 1s
// expect: sleep-in-atomic
/* A reader of RCU must not sleep. */
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/rcupdate.h>

static int __init start(void)
{
	rcu_read_lock();
	msleep(1);
	rcu_read_unlock();
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
