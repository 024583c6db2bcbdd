// kloom:
// expect: remote-percpu
// Another CPU resets the counter that its owner adds to, without a lock.
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/percpu.h>

#define ROUNDS 100000

static DEFINE_PER_CPU(int, events);
static struct task_struct *owner;
static struct task_struct *other;

static int owner_main(void *data)
{
	int i;

	for (i = 0; i < ROUNDS; i++) {
		get_cpu_var(events)++;
		put_cpu_var(events);
	}
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static int other_main(void *data)
{
	int i;

	for (i = 0; i < ROUNDS; i++)
		per_cpu(events, 1) = 0;
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static int __init example_init(void)
{
	owner = kthread_create(owner_main, NULL, "owner");
	if (IS_ERR(owner))
		return PTR_ERR(owner);
	kthread_bind(owner, 1);
	other = kthread_create(other_main, NULL, "other");
	if (IS_ERR(other)) {
		kthread_stop(owner);
		return PTR_ERR(other);
	}
	kthread_bind(other, 0);
	wake_up_process(owner);
	wake_up_process(other);
	return 0;
}

static void __exit example_exit(void)
{
	kthread_stop(other);
	kthread_stop(owner);
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
