// kloom:
// put_cpu_ptr() comes after the last use of the address.
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/percpu.h>

static int __percpu *events;
static struct task_struct *threads[2];

static int worker(void *data)
{
	int *mine = get_cpu_ptr(events);

	(*mine)++;
	put_cpu_ptr(events);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static int __init example_init(void)
{
	int i;

	events = alloc_percpu(int);
	if (!events)
		return -ENOMEM;
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
	free_percpu(events);
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
