// kloom: --for 1s
/* A kthread sees a signal that it allowed; it ends an interruptible sleep. */
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched/signal.h>

static struct task_struct *task;
static int interrupted;

static int run(void *data)
{
	allow_signal(SIGUSR1);
	while (!kthread_should_stop()) {
		schedule_timeout_interruptible(10 * HZ);
		if (signal_pending(current)) {
			flush_signals(current);
			interrupted++;
		}
	}
	return 0;
}

static int __init start(void)
{
	task = kthread_run(run, NULL, "listener");
	schedule_timeout_uninterruptible(HZ / 10);
	send_sig(SIGUSR1, task, 0);
	send_sig(SIGUSR2, task, 0);
	return 0;
}

static void __exit stop(void)
{
	kthread_stop(task);
	WARN_ON(interrupted != 1);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
