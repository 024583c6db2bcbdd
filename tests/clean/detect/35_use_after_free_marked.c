// kloom:
// The writer frees an object when no reader can have it any more.
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#define ROUNDS 1

struct item {
	int value;
};

static struct item __rcu *shared;
static struct task_struct *reader;
static struct task_struct *writer;

static int reader_main(void *data)
{
	int i;
	int sum = 0;

	for (i = 0; i < ROUNDS; i++) {
		struct item *item;

		rcu_read_lock();
		item = rcu_dereference(shared);
		if (item)
			sum += READ_ONCE(item->value);
		rcu_read_unlock();
	}
	pr_info("sum %d\n", sum);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static int writer_main(void *data)
{
	int i;

	for (i = 0; i < ROUNDS; i++) {
		struct item *item = kmalloc(sizeof(*item), GFP_KERNEL);

		if (item)
			WRITE_ONCE(item->value, i);
		item = rcu_replace_pointer(shared, item, true);
		synchronize_rcu();
		kfree(item);
	}
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static int __init example_init(void)
{
	reader = kthread_run(reader_main, NULL, "reader");
	if (IS_ERR(reader))
		return PTR_ERR(reader);
	writer = kthread_run(writer_main, NULL, "writer");
	if (IS_ERR(writer)) {
		kthread_stop(reader);
		return PTR_ERR(writer);
	}
	return 0;
}

static void __exit example_exit(void)
{
	kthread_stop(reader);
	kthread_stop(writer);
	kfree(rcu_dereference_protected(shared, true));
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
