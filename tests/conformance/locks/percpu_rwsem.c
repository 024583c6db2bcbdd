// SPDX-License-Identifier: MIT
// conformance: Per-CPU rw_semaphores: trylock and the is_locked questions, beside readers, a writer and one that waits
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/percpu-rwsem.h>
#include <linux/preempt.h>

DEFINE_STATIC_PERCPU_RWSEM(sem);
static DECLARE_COMPLETION(done);

static void show(const char *what)
{
	const int is_read_locked = percpu_is_read_locked(&sem);
	const int is_write_locked = percpu_is_write_locked(&sem);
	const int read = percpu_down_read_trylock(&sem);

	if (read)
		percpu_up_read(&sem);
	pr_info("%-18s read_trylock %d is_read_locked %d is_write_locked %d preempt_count %x\n",
		what, read, is_read_locked, is_write_locked, preempt_count());
}

static int writes(void *unused)
{
	percpu_down_write(&sem);
	show("the writer has it");
	percpu_up_write(&sem);
	complete(&done);
	return 0;
}

static int __init percpu_rwsem_init(void)
{
	struct percpu_rw_semaphore local;
	struct task_struct *task;

	show("free");
	percpu_down_read(&sem);
	show("one reader");
	percpu_down_read(&sem);
	show("two readers");
	percpu_up_read(&sem);
	task = kthread_create(writes, NULL, "writes");
	if (IS_ERR(task)) {
		percpu_up_read(&sem);
		return PTR_ERR(task);
	}
	kthread_bind(task, 2);
	wake_up_process(task);
	while (percpu_down_read_trylock(&sem)) { /* ends: the writer comes and waits */
		percpu_up_read(&sem);
		schedule_timeout_uninterruptible(1);
	}
	schedule_timeout_uninterruptible(10);
	show("a writer waits");
	percpu_up_read(&sem);
	wait_for_completion(&done);
	show("free");
	percpu_down_write(&sem);
	show("writer");
	percpu_up_write(&sem);
	pr_info("init %d\n", percpu_init_rwsem(&local));
	percpu_down_read(&local);
	pr_info("is_read_locked %d\n", percpu_is_read_locked(&local));
	percpu_up_read(&local);
	pr_info("is_read_locked %d\n", percpu_is_read_locked(&local));
	percpu_free_rwsem(&local);
	return 0;
}

static void __exit percpu_rwsem_exit(void)
{
}

module_init(percpu_rwsem_init);
module_exit(percpu_rwsem_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Per-CPU rw_semaphores");
