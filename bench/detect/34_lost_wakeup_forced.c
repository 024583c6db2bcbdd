// kloom:
// expect: lost-wakeup
// The test and the sleep of 33 lie 20 ms apart, so that the wake-up comes in between in every run.
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>

static DECLARE_COMPLETION(finished);
static bool is_ready;
static struct task_struct *sleeper;
static struct task_struct *waker;

static int sleeper_main(void *data)
{
	while (!READ_ONCE(is_ready)) {
		mdelay(20);
		set_current_state(TASK_UNINTERRUPTIBLE);
		schedule();
	}
	complete(&finished);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static int waker_main(void *data)
{
	mdelay(10);
	WRITE_ONCE(is_ready, true);
	wake_up_process(sleeper);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static int __init example_init(void)
{
	sleeper = kthread_run(sleeper_main, NULL, "sleeper");
	if (IS_ERR(sleeper))
		return PTR_ERR(sleeper);
	waker = kthread_run(waker_main, NULL, "waker");
	if (IS_ERR(waker)) {
		kthread_stop(sleeper);
		return PTR_ERR(waker);
	}
	return 0;
}

static void __exit example_exit(void)
{
	wait_for_completion(&finished);
	kthread_stop(waker);
	kthread_stop(sleeper);
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
