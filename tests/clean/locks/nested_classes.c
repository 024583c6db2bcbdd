// kloom: --bound 1 --for 1s
/* Two locks of one class in a fixed order, told apart by a subclass; lockdep's assertions hold. */
#include <linux/kthread.h>
#include <linux/lockdep.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/slab.h>

struct node {
	struct mutex lock;
	int value;
};

static struct task_struct *threads[2];
static struct node *parent, *child;

static struct node *new_node(void)
{
	struct node *node = kzalloc(sizeof(*node), GFP_KERNEL);

	if (node)
		mutex_init(&node->lock);
	return node;
}

static void move_one(struct node *from, struct node *to)
{
	lockdep_assert_held(&from->lock);
	lockdep_assert_held(&to->lock);
	from->value--;
	to->value++;
}

static int run(void *data)
{
	mutex_lock(&parent->lock);
	mutex_lock_nested(&child->lock, SINGLE_DEPTH_NESTING);
	move_one(parent, child);
	mutex_unlock(&child->lock);
	mutex_unlock(&parent->lock);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static int __init start(void)
{
	int i;

	parent = new_node();
	child = new_node();
	if (!parent || !child) {
		kfree(parent);
		kfree(child);
		return -ENOMEM;
	}
	for (i = 0; i < 2; i++)
		threads[i] = kthread_run(run, NULL, "mover/%d", i);
	return 0;
}

static void __exit stop(void)
{
	kthread_stop(threads[0]);
	kthread_stop(threads[1]);
	WARN_ON(child->value != 2);
	kfree(parent);
	kfree(child);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
