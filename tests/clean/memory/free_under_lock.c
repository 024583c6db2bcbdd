// kloom: --cpus 2
// The object is unpublished and freed under the lock that its reader holds.
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>

struct object {
	int value;
};

static struct object *shared;
static struct task_struct *user, *owner;
static DEFINE_MUTEX(lock);

static void wait_for_stop(void)
{
	set_current_state(TASK_INTERRUPTIBLE);
	while (!kthread_should_stop()) {
		schedule();
		set_current_state(TASK_INTERRUPTIBLE);
	}
	__set_current_state(TASK_RUNNING);
}

static int use_object(void *data)
{
	mutex_lock(&lock);
	if (READ_ONCE(shared))
		shared->value++;
	mutex_unlock(&lock);
	wait_for_stop();
	return 0;
}

static int free_object(void *data)
{
	struct object *object;

	mutex_lock(&lock);
	object = READ_ONCE(shared);
	WRITE_ONCE(shared, NULL);
	kfree(object);
	mutex_unlock(&lock);
	wait_for_stop();
	return 0;
}

static int __init start(void)
{
	shared = kzalloc(sizeof(*shared), GFP_KERNEL);
	if (!shared)
		return -ENOMEM;
	user = kthread_run(use_object, NULL, "user");
	owner = kthread_run(free_object, NULL, "owner");
	return 0;
}

static void __exit stop(void)
{
	kthread_stop(user);
	kthread_stop(owner);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
