// kloom: --bound 1 --for 1s
/* An element leaves the list while it is walked; kfree_rcu() frees it later. */
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/rculist.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

struct item {
	int value;
	struct list_head link;
	struct rcu_head rcu;
};

static struct task_struct *reader, *remover;
static LIST_HEAD(items);
static DEFINE_SPINLOCK(lock);

static int add(int value)
{
	struct item *item = kmalloc(sizeof(*item), GFP_KERNEL);

	if (!item)
		return -ENOMEM;
	item->value = value;
	spin_lock(&lock);
	list_add_tail_rcu(&item->link, &items);
	spin_unlock(&lock);
	return 0;
}

static void remove_first(void)
{
	struct item *item;

	spin_lock(&lock);
	item = list_first_entry_or_null(&items, struct item, link);
	if (item)
		list_del_rcu(&item->link);
	spin_unlock(&lock);
	if (item)
		kfree_rcu(item, rcu);
}

static int walk(void *data)
{
	struct item *item;
	int sum = 0;

	rcu_read_lock();
	list_for_each_entry_rcu(item, &items, link)
		sum += item->value;
	rcu_read_unlock();
	WARN_ON(sum != 3 && sum != 2);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static int remove_one(void *data)
{
	remove_first();
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static int __init start(void)
{
	if (add(1) || add(2))
		return -ENOMEM;
	reader = kthread_run(walk, NULL, "reader");
	remover = kthread_run(remove_one, NULL, "remover");
	return 0;
}

static void __exit stop(void)
{
	kthread_stop(reader);
	kthread_stop(remover);
	remove_first();
	rcu_barrier();
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
