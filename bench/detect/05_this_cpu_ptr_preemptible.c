// kloom:
// expect: unsafe-smp-processor-id stale-cpu
// this_cpu_ptr() with preemption on: the thread may be on another CPU before it writes.
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/percpu.h>

static DEFINE_PER_CPU(int, events);
static struct task_struct *threads[2];

static int worker(void *data)
{
	int *mine = this_cpu_ptr(&events);

	(*mine)++;
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static int __init example_init(void)
{
	int i;

	for (i = 0; i < 2; i++) {
		threads[i] = kthread_run(worker, NULL, "worker/%d", i);
		if (IS_ERR(threads[i]))
			return PTR_ERR(threads[i]);
	}
	return 0;
}

static void __exit example_exit(void)
{
	kthread_stop(threads[0]);
	kthread_stop(threads[1]);
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
