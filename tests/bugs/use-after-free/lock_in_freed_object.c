// kloom: --bound 1 --for 1s
// expect: use-after-free
/* The object, its lock with it, is freed while another task waits for the lock. */
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

struct object {
	spinlock_t lock;
	int value;
};

static struct task_struct *thread;
static struct object *object;

static int run(void *data)
{
	spin_lock(&object->lock);
	object->value++;
	spin_unlock(&object->lock);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static int __init start(void)
{
	object = kzalloc(sizeof(*object), GFP_KERNEL);
	if (!object)
		return -ENOMEM;
	spin_lock_init(&object->lock);
	thread = kthread_run(run, NULL, "user");
	spin_lock(&object->lock);
	object->value++;
	spin_unlock(&object->lock);
	kfree(object);
	return 0;
}

static void __exit stop(void)
{
	kthread_stop(thread);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
