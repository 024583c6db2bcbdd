// kloom: --cpus 2
// percpu_counter from two threads: nothing is lost, reading meanwhile is allowed.
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/percpu_counter.h>

static struct percpu_counter counter;
static struct task_struct *threads[2];

static int worker(void *data)
{
	percpu_counter_inc(&counter);
	percpu_counter_add(&counter, 40);
	BUG_ON(percpu_counter_sum(&counter) < 41);
	set_current_state(TASK_INTERRUPTIBLE);
	while (!kthread_should_stop()) {
		schedule();
		set_current_state(TASK_INTERRUPTIBLE);
	}
	__set_current_state(TASK_RUNNING);
	return 0;
}

static int __init start(void)
{
	int i;
	int error = percpu_counter_init(&counter, 0, GFP_KERNEL);

	if (error)
		return error;
	for (i = 0; i < 2; i++)
		threads[i] = kthread_run(worker, NULL, "worker/%d", i);
	return 0;
}

static void __exit stop(void)
{
	int i;

	for (i = 0; i < 2; i++)
		kthread_stop(threads[i]);
	BUG_ON(percpu_counter_sum(&counter) != 82);
	percpu_counter_destroy(&counter);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
