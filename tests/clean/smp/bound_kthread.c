// kloom: --cpus 2 --for 1s
/* A bound kthread may ask for its CPU number at any time and never leaves its CPU. */
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/smp.h>

static struct task_struct *tasks[2];

static int run(void *data)
{
	int cpu = (int)(long)data;

	while (!kthread_should_stop()) {
		WARN_ON(smp_processor_id() != cpu);
		schedule_timeout_interruptible(HZ / 2);
	}
	return 0;
}

static int __init start(void)
{
	long cpu;

	for_each_online_cpu(cpu) {
		tasks[cpu] = kthread_create(run, (void *)cpu, "bound/%ld", cpu);
		kthread_bind(tasks[cpu], cpu);
		wake_up_process(tasks[cpu]);
	}
	return 0;
}

static void __exit stop(void)
{
	kthread_stop(tasks[0]);
	kthread_stop(tasks[1]);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
