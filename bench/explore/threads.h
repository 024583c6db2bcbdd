/* A module that starts THREADS kernel threads, each of which calls round(number) ROUNDS times, and waits for them. */
#include <linux/kthread.h>
#include <linux/module.h>

static struct task_struct *threads[THREADS];

static void round(long number);

static int body(void *number)
{
	int i;

	for (i = 0; i < ROUNDS; i++)
		round((long)number);
	return 0;
}

static int __init start(void)
{
	long i;

	for (i = 0; i < THREADS; i++) {
		threads[i] = kthread_create(body, (void *)i, "body/%ld", i);
		get_task_struct(threads[i]);
	}
	for (i = 0; i < THREADS; i++)
		wake_up_process(threads[i]);
	for (i = 0; i < THREADS; i++) {
		kthread_stop(threads[i]);
		put_task_struct(threads[i]);
	}
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
