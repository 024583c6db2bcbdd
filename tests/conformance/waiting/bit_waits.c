// SPDX-License-Identifier: MIT
// conformance: Waiting for a bit or a variable: results with the bit clear, after a time, with a signal, with a waker
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched/signal.h>
#include <linux/wait_bit.h>

static unsigned long word;
static int variable;
static DECLARE_COMPLETION(done);

#define SHOW(wait) pr_info("%-62s %ld\n", #wait, (long)(wait))

static int waits(void *unused)
{
	SHOW(wait_on_bit(&word, 3, TASK_UNINTERRUPTIBLE));
	SHOW(wait_on_bit_timeout(&word, 3, TASK_UNINTERRUPTIBLE, 0));
	SHOW(wait_on_bit_lock(&word, 3, TASK_UNINTERRUPTIBLE));
	pr_info("word %lx\n", word);
	SHOW(wait_on_bit_timeout(&word, 3, TASK_UNINTERRUPTIBLE, 1));
	SHOW(wait_on_bit_timeout(&word, 3, TASK_INTERRUPTIBLE, 2));
	SHOW(wait_on_bit(&word, 4, TASK_INTERRUPTIBLE));
	SHOW(wait_var_event_timeout(&variable, false, 1));
	SHOW(wait_var_event_timeout(&variable, true, 5));
	SHOW(wait_var_event_killable(&variable, true));
	complete(&done);
	SHOW(wait_on_bit(&word, 3, TASK_UNINTERRUPTIBLE));
	complete(&done);
	wait_var_event(&variable, READ_ONCE(variable) == 2);
	pr_info("variable %d\n", READ_ONCE(variable));
	allow_signal(SIGUSR1);
	send_sig(SIGUSR1, current, 1);
	set_bit(5, &word);
	SHOW(wait_on_bit(&word, 5, TASK_INTERRUPTIBLE));
	SHOW(wait_on_bit_lock(&word, 5, TASK_INTERRUPTIBLE));
	SHOW(wait_on_bit_timeout(&word, 5, TASK_KILLABLE, 1));
	SHOW(wait_var_event_interruptible(&variable, false));
	pr_info("word %lx\n", word);
	complete(&done);
	return 0;
}

static int __init bit_waits_init(void)
{
	struct task_struct *task = kthread_run(waits, NULL, "waits");

	if (IS_ERR(task))
		return PTR_ERR(task);
	wait_for_completion(&done);
	schedule_timeout_uninterruptible(2);
	clear_and_wake_up_bit(3, &word);
	wait_for_completion(&done);
	schedule_timeout_uninterruptible(2);
	WRITE_ONCE(variable, 1);
	wake_up_var(&variable);
	WRITE_ONCE(variable, 2);
	wake_up_var(&variable);
	wait_for_completion(&done);
	return 0;
}

static void __exit bit_waits_exit(void)
{
}

module_init(bit_waits_init);
module_exit(bit_waits_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Waiting for a bit");
