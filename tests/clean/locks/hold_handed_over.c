// kloom: --bound 1 --for 1s
/* One task takes a lock for reading, another one releases it, and both say so. */
#include <linux/kthread.h>
#include <linux/lockdep.h>
#include <linux/module.h>
#include <linux/rwsem.h>
#include <linux/sched.h>

static DECLARE_RWSEM(lock);
static struct task_struct *thread;

static int finish(void *data)
{
	rwsem_acquire_read(&lock.dep_map, 0, 1, _THIS_IP_);
	lockdep_assert_held_read(&lock);
	up_read(&lock);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static int __init start(void)
{
	down_read(&lock);
	rwsem_release(&lock.dep_map, _THIS_IP_);
	lockdep_assert_not_held(&lock);
	thread = kthread_run(finish, NULL, "finisher");
	return 0;
}

static void __exit stop(void)
{
	kthread_stop(thread);
	WARN_ON(!down_write_trylock(&lock));
	up_write(&lock);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
