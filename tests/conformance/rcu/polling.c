// SPDX-License-Identifier: MIT
// conformance: Grace periods by their cookies: not over at once, over after synchronize_rcu(), started ones end by themselves
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/rcupdate.h>

static int __init polling_init(void)
{
	unsigned long cookie, second;
	bool early, late;
	int i;

	rcu_read_lock();
	cookie = get_state_synchronize_rcu();
	early = poll_state_synchronize_rcu(cookie);
	rcu_read_unlock();
	pr_info("at once: over %d\n", early);
	synchronize_rcu();
	pr_info("after synchronize_rcu: over %d\n", poll_state_synchronize_rcu(cookie));
	cond_synchronize_rcu(cookie);
	pr_info("after cond_synchronize_rcu: over %d\n", poll_state_synchronize_rcu(cookie));
	cookie = get_state_synchronize_rcu();
	cond_synchronize_rcu(cookie);
	pr_info("a new one after cond_synchronize_rcu: over %d\n",
		poll_state_synchronize_rcu(cookie));
	rcu_read_lock();
	cookie = start_poll_synchronize_rcu();
	early = poll_state_synchronize_rcu(cookie);
	rcu_read_unlock();
	for (i = 0; i < 500 && !poll_state_synchronize_rcu(cookie); i++)
		msleep(4);
	late = poll_state_synchronize_rcu(cookie);
	pr_info("started: over at once %d, later %d\n", early, late);
	cookie = get_state_synchronize_rcu();
	second = get_state_synchronize_rcu();
	pr_info("cookies without a grace period between: the same %d\n", cookie == second);
	synchronize_rcu();
	synchronize_rcu();
	second = get_state_synchronize_rcu();
	pr_info("with grace periods between: the same %d, the old one over %d, the new one %d\n",
		cookie == second, poll_state_synchronize_rcu(cookie),
		poll_state_synchronize_rcu(second));
	return 0;
}

static void __exit polling_exit(void)
{
}

module_init(polling_init);
module_exit(polling_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Polling for grace periods");
