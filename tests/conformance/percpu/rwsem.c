// SPDX-License-Identifier: MIT
// conformance: percpu_rw_semaphore: who gets in while it is read or written
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/percpu-rwsem.h>

DEFINE_STATIC_PERCPU_RWSEM(fixed);
static struct percpu_rw_semaphore dynamic;
static DECLARE_COMPLETION(wrote);
static bool has_written;

static int writer(void *unused)
{
	percpu_down_write(&fixed);
	WRITE_ONCE(has_written, true);
	percpu_up_write(&fixed);
	complete(&wrote);
	return 0;
}

static void print(const char *what)
{
	bool got = percpu_down_read_trylock(&fixed);

	if (got)
		percpu_up_read(&fixed);
	pr_info("%s: read trylock %d\n", what, got);
}

static int __init rwsem_init(void)
{
	struct task_struct *task;
	int error;

	print("free");
	percpu_down_read(&fixed);
	print("read");
	task = kthread_run(writer, NULL, "writer");
	if (IS_ERR(task)) {
		percpu_up_read(&fixed);
		return PTR_ERR(task);
	}
	while (percpu_down_read_trylock(&fixed)) {
		percpu_up_read(&fixed);
		msleep(1);
	}
	print("a writer waits");
	pr_info("written: %d\n", READ_ONCE(has_written));
	percpu_up_read(&fixed);
	wait_for_completion(&wrote);
	print("after the writer");
	error = percpu_init_rwsem(&dynamic);
	if (error)
		return error;
	percpu_down_write(&dynamic);
	pr_info("written: read trylock %d\n", percpu_down_read_trylock(&dynamic));
	percpu_up_write(&dynamic);
	percpu_down_read(&dynamic);
	percpu_down_read(&fixed);
	percpu_up_read(&dynamic);
	percpu_up_read(&fixed);
	percpu_free_rwsem(&dynamic);
	return 0;
}

static void __exit rwsem_exit(void)
{
}

module_init(rwsem_init);
module_exit(rwsem_exit);
MODULE_LICENSE("Dual MIT/GPL");
