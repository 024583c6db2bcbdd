// kloom:
// expect: preempt-imbalance
// put_cpu_var() twice for one get_cpu_var().
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/percpu.h>

static DEFINE_PER_CPU(int, events);
static struct task_struct *thread;

static int worker(void *data)
{
	get_cpu_var(events)++;
	put_cpu_var(events);
	put_cpu_var(events);
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
