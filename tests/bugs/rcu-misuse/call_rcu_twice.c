// kloom: --for 1s
// expect: rcu-misuse
/* The head is queued a second time before its callback has run. */
#include <linux/module.h>
#include <linux/rcupdate.h>

static struct rcu_head head;

static void callback(struct rcu_head *rcu)
{
}

static int __init start(void)
{
	call_rcu(&head, callback);
	call_rcu(&head, callback);
	return 0;
}

static void __exit stop(void)
{
	rcu_barrier();
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
