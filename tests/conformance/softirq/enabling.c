// SPDX-License-Identifier: MIT
// conformance: which of the calls that end a region without softirqs run the tasklet that waits, and in which task
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/rwlock.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

static DEFINE_SPINLOCK(lock);
static DEFINE_RWLOCK(rwlock);
static int runs;

static void run_tasklet(struct tasklet_struct *tasklet)
{
	runs++;
	pr_info("tasklet over %s\n", current->comm);
}

static DECLARE_TASKLET(tasklet, run_tasklet);

static void nested(void)
{
	local_bh_disable();
	spin_lock_bh(&lock);
	tasklet_schedule(&tasklet);
	spin_unlock_bh(&lock);
	pr_info("spin_unlock_bh inside: runs %d\n", runs);
	rcu_read_lock_bh();
	rcu_read_unlock_bh();
	pr_info("rcu_read_unlock_bh inside: runs %d\n", runs);
	local_bh_enable();
	pr_info("local_bh_enable: runs %d\n", runs);
}

static void by_locks(void)
{
	spin_lock_bh(&lock);
	tasklet_schedule(&tasklet);
	pr_info("under spin_lock_bh: runs %d\n", runs);
	spin_unlock_bh(&lock);
	pr_info("spin_unlock_bh: runs %d\n", runs);
	read_lock_bh(&rwlock);
	tasklet_schedule(&tasklet);
	read_unlock_bh(&rwlock);
	pr_info("read_unlock_bh: runs %d\n", runs);
	write_lock_bh(&rwlock);
	tasklet_schedule(&tasklet);
	write_unlock_bh(&rwlock);
	pr_info("write_unlock_bh: runs %d\n", runs);
	rcu_read_lock_bh();
	tasklet_schedule(&tasklet);
	rcu_read_unlock_bh();
	pr_info("rcu_read_unlock_bh: runs %d\n", runs);
}

static void with_preemption_off(void)
{
	preempt_disable();
	local_bh_disable();
	tasklet_schedule(&tasklet);
	local_bh_enable();
	pr_info("local_bh_enable with preemption off: runs %d\n", runs);
	tasklet_schedule(&tasklet);
	pr_info("scheduled with preemption off only: runs %d\n", runs);
	local_bh_disable();
	local_bh_enable();
	pr_info("bottom halves off and on: runs %d\n", runs);
	preempt_enable();
}

static int __init enabling_init(void)
{
	nested();
	by_locks();
	with_preemption_off();
	tasklet_kill(&tasklet);
	return 0;
}

static void __exit enabling_exit(void)
{
}

module_init(enabling_init);
module_exit(enabling_exit);
MODULE_LICENSE("Dual MIT/GPL");
