// kloom:
// The thread takes the address again after its move, and owns the copy while it writes.
#include <linux/cpumask.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/percpu.h>

#define ROUNDS 2

static DEFINE_PER_CPU(int, events);
static struct task_struct *owner;
static struct task_struct *thread;

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

static int worker(void *data)
{
	int *mine;

	set_cpus_allowed_ptr(current, cpumask_of(0));
	set_cpus_allowed_ptr(current, cpumask_of(1));
	mine = get_cpu_ptr(&events);
	(*mine)++;
	put_cpu_ptr(&events);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static int __init example_init(void)
{
	owner = kthread_create(owner_main, NULL, "owner");
	if (IS_ERR(owner))
		return PTR_ERR(owner);
	kthread_bind(owner, 0);
	wake_up_process(owner);
	thread = kthread_run(worker, NULL, "worker");
	return PTR_ERR_OR_ZERO(thread);
}

static void __exit example_exit(void)
{
	kthread_stop(thread);
	kthread_stop(owner);
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
