// kloom: --for 1s
// expect: rcu-misuse
/* A reader waits for all readers, itself among them. */
#include <linux/module.h>
#include <linux/rcupdate.h>

static int __init start(void)
{
	rcu_read_lock();
	synchronize_rcu();
	rcu_read_unlock();
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
