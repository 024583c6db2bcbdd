// kloom:
// expect: use-after-free
// A reader follows a pointer whose object another thread replaces and frees; every access is
// marked.
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/slab.h>

#define ROUNDS 1000

struct item {
	int value;
};

static struct item *shared;
static struct task_struct *reader;
static struct task_struct *writer;

static int reader_main(void *data)
{
	int i;
	int sum = 0;

	for (i = 0; i < ROUNDS; i++) {
		struct item *item = READ_ONCE(shared);

		if (item)
			sum += READ_ONCE(item->value);
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
		kfree(xchg(&shared, item));
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
	kfree(shared);
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
