// kloom: --for 1s
// expect: left-running
/* The module goes without rcu_barrier(): its callback is still to come. */
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

struct object {
	struct rcu_head rcu;
};

static struct object *object;

static void free_object(struct rcu_head *rcu)
{
	kfree(container_of(rcu, struct object, rcu));
}

static int __init start(void)
{
	object = kzalloc(sizeof(*object), GFP_KERNEL);
	if (!object)
		return -ENOMEM;
	return 0;
}

static void __exit stop(void)
{
	call_rcu(&object->rcu, free_object);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
