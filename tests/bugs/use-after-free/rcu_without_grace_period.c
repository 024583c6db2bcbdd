// kloom: --for 1s
// expect: use-after-free
/* The old version is freed while a reader is still at it. */
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>

struct config {
	int a;
	int b;
};

static struct task_struct *reader;
static struct config __rcu *current_config;

static int read_config(void *data)
{
	struct config *config;

	rcu_read_lock();
	config = rcu_dereference(current_config);
	if (config)
		pr_info("%d\n", config->a + config->b);
	rcu_read_unlock();
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static int __init start(void)
{
	struct config *config = kzalloc(sizeof(*config), GFP_KERNEL);

	if (!config)
		return -ENOMEM;
	rcu_assign_pointer(current_config, config);
	reader = kthread_run(read_config, NULL, "reader");
	RCU_INIT_POINTER(current_config, NULL);
	kfree(config);
	return 0;
}

static void __exit stop(void)
{
	kthread_stop(reader);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
