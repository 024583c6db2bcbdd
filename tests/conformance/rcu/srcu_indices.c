// SPDX-License-Identifier: MIT
// conformance: SRCU: the index of readers before and after grace periods, domains apart, context of callbacks
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/srcu.h>

DEFINE_STATIC_SRCU(first);
static struct srcu_struct second;
static DECLARE_COMPLETION(inside);
static DECLARE_COMPLETION(leave);
static DECLARE_COMPLETION(done);
static struct rcu_head heads[3];
static int is_reading;
static atomic_t ran;

static int reads(void *unused)
{
	int index = srcu_read_lock(&first);

	WRITE_ONCE(is_reading, 1);
	complete(&inside);
	wait_for_completion(&leave);
	msleep(30);
	WRITE_ONCE(is_reading, 0);
	srcu_read_unlock(&first, index);
	complete(&done);
	return 0;
}

static void callback(struct rcu_head *head)
{
	pr_info("callback %d: softirq %d, serving %d, hardirq %d, task %d, preempt_count %x, in a "
		"worker %d\n",
		(int)(head - heads), in_softirq() != 0, in_serving_softirq() != 0,
		in_hardirq() != 0, in_task(), preempt_count(), !!(current->flags & PF_WQ_WORKER));
	atomic_inc(&ran);
}

static int __init srcu_indices_init(void)
{
	struct task_struct *task;
	int index, nested, i;

	pr_info("init_srcu_struct %d\n", init_srcu_struct(&second));
	index = srcu_read_lock(&first);
	nested = srcu_read_lock(&first);
	pr_info("indices %d %d, preempt_count %x\n", index, nested, preempt_count());
	synchronize_srcu(&second);
	pr_info("the other domain does not wait\n");
	srcu_read_unlock(&first, nested);
	srcu_read_unlock(&first, index);
	for (i = 0; i < 3; i++) {
		synchronize_srcu(&first);
		index = srcu_read_lock(&first);
		pr_info("after a grace period: index %d\n", index);
		srcu_read_unlock(&first, index);
	}
	task = kthread_create(reads, NULL, "reads");
	if (IS_ERR(task))
		return PTR_ERR(task);
	kthread_bind(task, 2);
	wake_up_process(task);
	wait_for_completion(&inside);
	synchronize_rcu();
	pr_info("synchronize_rcu: still reading %d\n", READ_ONCE(is_reading));
	complete(&leave);
	synchronize_srcu(&first);
	pr_info("synchronize_srcu: still reading %d\n", READ_ONCE(is_reading));
	wait_for_completion(&done);
	for (i = 0; i < 3; i++)
		call_srcu(&first, &heads[i], callback);
	srcu_barrier(&first);
	pr_info("srcu_barrier: ran %d\n", atomic_read(&ran));
	synchronize_srcu_expedited(&first);
	cleanup_srcu_struct(&second);
	return 0;
}

static void __exit srcu_indices_exit(void)
{
}

module_init(srcu_indices_init);
module_exit(srcu_indices_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("SRCU");
