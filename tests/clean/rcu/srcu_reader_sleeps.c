// kloom: --bound 1 --for 1s
/* Unlike those of RCU, readers of SRCU may sleep. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/srcu.h>

static struct task_struct *reader;
static int __rcu *shared;
DEFINE_STATIC_SRCU(domain);

static int read_shared(void *data)
{
	int index = srcu_read_lock(&domain);
	int *value = srcu_dereference(shared, &domain);

	msleep(5);
	WARN_ON(value && *value != 1);
	srcu_read_unlock(&domain, index);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static int __init start(void)
{
	int *value = kmalloc(sizeof(*value), GFP_KERNEL);

	if (!value)
		return -ENOMEM;
	*value = 1;
	rcu_assign_pointer(shared, value);
	reader = kthread_run(read_shared, NULL, "reader");
	RCU_INIT_POINTER(shared, NULL);
	synchronize_srcu(&domain);
	kfree(value);
	return 0;
}

static void __exit stop(void)
{
	kthread_stop(reader);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
