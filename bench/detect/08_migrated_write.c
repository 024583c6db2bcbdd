// kloom:
// expect: stale-cpu
// A thread takes the address of CPU 0's copy, has itself moved to CPU 1, and writes once.
#include <linux/cpumask.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/percpu.h>

static DEFINE_PER_CPU(int, events);
static struct task_struct *thread;

static int worker(void *data)
{
	int *mine;

	set_cpus_allowed_ptr(current, cpumask_of(0));
	mine = get_cpu_ptr(&events);
	put_cpu_ptr(&events);
	set_cpus_allowed_ptr(current, cpumask_of(1));
	(*mine)++;
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static int __init example_init(void)
{
	thread = kthread_run(worker, NULL, "worker");
	return PTR_ERR_OR_ZERO(thread);
}

static void __exit example_exit(void)
{
	kthread_stop(thread);
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
