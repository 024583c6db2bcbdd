// kloom: --bound 1 --for 1s
/* A reader sees the old version or the new one; the old one is freed after its readers have left. */
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>

struct config {
	int a;
	int b;
};

static struct task_struct *reader, *updater;
static struct config __rcu *current_config;
static DEFINE_MUTEX(update_lock);

static struct config *new_config(int value)
{
	struct config *config = kmalloc(sizeof(*config), GFP_KERNEL);

	if (config) {
		config->a = value;
		config->b = value;
	}
	return config;
}

static int read_config(void *data)
{
	struct config *config;

	rcu_read_lock();
	config = rcu_dereference(current_config);
	WARN_ON(config->a != config->b);
	rcu_read_unlock();
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static int update_config(void *data)
{
	struct config *old, *config = new_config(2);

	if (config) {
		mutex_lock(&update_lock);
		old = rcu_dereference_protected(current_config, lockdep_is_held(&update_lock));
		rcu_assign_pointer(current_config, config);
		mutex_unlock(&update_lock);
		synchronize_rcu();
		kfree(old);
	}
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static int __init start(void)
{
	struct config *config = new_config(1);

	if (!config)
		return -ENOMEM;
	rcu_assign_pointer(current_config, config);
	reader = kthread_run(read_config, NULL, "reader");
	updater = kthread_run(update_config, NULL, "updater");
	return 0;
}

static void __exit stop(void)
{
	kthread_stop(reader);
	kthread_stop(updater);
	kfree(rcu_dereference_protected(current_config, true));
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
