// SPDX-License-Identifier: MIT
// conformance: Signals to kthreads: ignored until allowed, pending, fatal, flushed; results of sending
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched/signal.h>

static DECLARE_COMPLETION(done);

static void show(const char *what, int result)
{
	pr_info("%-40s %d, signal_pending %d, fatal %d, flag %d\n", what, result,
		signal_pending(current), fatal_signal_pending(current),
		test_thread_flag(TIF_SIGPENDING));
}

static int receives(void *unused)
{
	show("new", 0);
	show("SIGUSR1", send_sig(SIGUSR1, current, 1));
	show("SIGTERM", send_sig(SIGTERM, current, 0));
	show("SIGKILL", send_sig(SIGKILL, current, 1));
	allow_signal(SIGUSR1);
	show("allowed, sent before", 0);
	show("SIGUSR1", send_sig(SIGUSR1, current, 1));
	show("SIGUSR1 again", send_sig(SIGUSR1, current, 1));
	flush_signals(current);
	show("flush_signals", 0);
	show("SIGUSR2, not allowed", send_sig(SIGUSR2, current, 1));
	show("signal 65", send_sig(65, current, 1));
	show("signal -1", send_sig(-1, current, 1));
	allow_signal(SIGUSR2);
	allow_signal(SIGTERM);
	show("SIGTERM", send_sig(SIGTERM, current, 1));
	show("SIGUSR2", send_sig(SIGUSR2, current, 1));
	show("kernel_dequeue_signal", kernel_dequeue_signal());
	show("kernel_dequeue_signal", kernel_dequeue_signal());
	show("kernel_dequeue_signal", kernel_dequeue_signal());
	disallow_signal(SIGUSR1);
	show("SIGUSR1 disallowed", send_sig(SIGUSR1, current, 1));
	allow_signal(SIGINT);
	show("SIGINT", send_sig(SIGINT, current, 1));
	disallow_signal(SIGINT);
	show("disallowed while pending", 0);
	flush_signals(current);
	show("flush_signals", 0);
	allow_signal(SIGKILL);
	show("SIGKILL allowed", send_sig(SIGKILL, current, 1));
	show("kernel_dequeue_signal", kernel_dequeue_signal());
	show("SIGKILL", send_sig(SIGKILL, current, 1));
	flush_signals(current);
	show("flush_signals", 0);
	complete(&done);
	return 0;
}

static int __init signals_test_init(void)
{
	struct task_struct *task = kthread_run(receives, NULL, "receives");

	if (IS_ERR(task))
		return PTR_ERR(task);
	wait_for_completion(&done);
	return 0;
}

static void __exit signals_exit(void)
{
}

module_init(signals_test_init);
module_exit(signals_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Signals to kthreads");
