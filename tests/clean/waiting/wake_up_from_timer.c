// kloom: --for 1s
/* A timer wakes the waiter. */
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/timer.h>
#include <linux/wait.h>

static DECLARE_WAIT_QUEUE_HEAD(queue);
static struct timer_list timer;
static bool has_expired;

static void expire(struct timer_list *t)
{
	has_expired = true;
	wake_up(&queue);
}

static int __init start(void)
{
	timer_setup(&timer, expire, 0);
	mod_timer(&timer, jiffies + 10);
	WARN_ON(wait_event_interruptible_timeout(queue, has_expired, HZ) <= 0);
	return 0;
}

static void __exit stop(void)
{
	del_timer_sync(&timer);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
