// kloom: --bound 2 --for 1s
/* Two threads take two wound/wait mutexes in both orders and give way as they must. */
#include <linux/kthread.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/ww_mutex.h>

static DEFINE_WW_CLASS(account_class);
static struct account {
	struct ww_mutex lock;
	int balance;
} accounts[2];
static struct task_struct *threads[2];

static void lock_both(struct account *first, struct account *second, struct ww_acquire_ctx *ctx)
{
	if (ww_mutex_lock(&first->lock, ctx))
		return;
	while (ww_mutex_lock(&second->lock, ctx) == -EDEADLK) {
		ww_mutex_unlock(&first->lock);
		ww_mutex_lock_slow(&second->lock, ctx);
		swap(first, second);
	}
}

static int transfer(void *data)
{
	struct account *from = data, *to = &accounts[from == accounts];
	struct ww_acquire_ctx ctx;

	ww_acquire_init(&ctx, &account_class);
	lock_both(from, to, &ctx);
	ww_acquire_done(&ctx);
	from->balance--;
	to->balance++;
	ww_mutex_unlock(&from->lock);
	ww_mutex_unlock(&to->lock);
	ww_acquire_fini(&ctx);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static int __init start(void)
{
	int i;

	for (i = 0; i < 2; i++)
		ww_mutex_init(&accounts[i].lock, &account_class);
	for (i = 0; i < 2; i++)
		threads[i] = kthread_run(transfer, &accounts[i], "transfer/%d", i);
	return 0;
}

static void __exit stop(void)
{
	kthread_stop(threads[0]);
	kthread_stop(threads[1]);
	WARN_ON(accounts[0].balance || accounts[1].balance);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
