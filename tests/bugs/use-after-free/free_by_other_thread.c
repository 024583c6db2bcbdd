// kloom: --cpus 2
// expect: use-after-free
// A thread uses the object between the check of the pointer and its use, while the other frees it:
// T1: if (shared)    T2: kfree(shared)    T1: shared->value++
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/slab.h>

struct object {
	int value;
};

static struct object *shared;
static struct task_struct *user, *owner;

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
	if (READ_ONCE(shared))
		shared->value++;
	wait_for_stop();
	return 0;
}

static int free_object(void *data)
{
	struct object *object;

	object = READ_ONCE(shared);
	WRITE_ONCE(shared, NULL);
	kfree(object);
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
