// kloom: --bound 2 --for 1s
// expect: lock-misuse
/* Who has to give way takes the contended lock without having released the other one. */
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/ww_mutex.h>

static DEFINE_WD_CLASS(account_class);
static struct ww_mutex accounts[2];
static struct task_struct *threads[2];

static int transfer(void *data)
{
	long from = (long)data;
	struct ww_acquire_ctx ctx;

	ww_acquire_init(&ctx, &account_class);
	if (ww_mutex_lock(&accounts[from], &ctx))
		goto out;
	if (ww_mutex_lock(&accounts[1 - from], &ctx) == -EDEADLK)
		ww_mutex_lock_slow(&accounts[1 - from], &ctx);
	ww_mutex_unlock(&accounts[1 - from]);
	ww_mutex_unlock(&accounts[from]);
out:
	ww_acquire_fini(&ctx);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static int __init start(void)
{
	long i;

	for (i = 0; i < 2; i++)
		ww_mutex_init(&accounts[i], &account_class);
	for (i = 0; i < 2; i++)
		threads[i] = kthread_run(transfer, (void *)i, "transfer/%ld", i);
	return 0;
}

static void __exit stop(void)
{
	kthread_stop(threads[0]);
	kthread_stop(threads[1]);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
