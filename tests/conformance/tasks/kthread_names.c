// SPDX-License-Identifier: MIT
// conformance: The names of kthreads: formatted, cut to 15 characters, with the CPU's number where it is asked for
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched.h>

static int never_runs(void *unused)
{
	return 0;
}

static void show(struct task_struct *task)
{
	char copy[TASK_COMM_LEN];

	if (IS_ERR(task)) {
		pr_info("error %ld\n", PTR_ERR(task));
		return;
	}
	get_task_comm(copy, task);
	pr_info("comm \"%s\", get_task_comm \"%s\", length %zu, state %x\n", task->comm, copy,
		strlen(task->comm), READ_ONCE(task->__state));
	kthread_stop(task);
}

static int __init kthread_names_init(void)
{
	pr_info("TASK_COMM_LEN %d\n", TASK_COMM_LEN);
	show(kthread_create(never_runs, NULL, "short"));
	show(kthread_create(never_runs, NULL, "exactly_fifteen"));
	show(kthread_create(never_runs, NULL, "this_is_sixteen_"));
	show(kthread_create(never_runs, NULL, "a_name_that_is_far_too_long/%d", 7));
	show(kthread_create(never_runs, NULL, "%s/%d:%u", "worker", -1, 4000000000u));
	show(kthread_create(never_runs, NULL, "100%%"));
	show(kthread_create(never_runs, NULL, "with space\tand tab"));
	show(kthread_create(never_runs, NULL, "%s", ""));
	show(kthread_create_on_node(never_runs, NULL, NUMA_NO_NODE, "node%c", 'X'));
	show(kthread_create_on_cpu(never_runs, NULL, 2, "on_cpu/%u"));
	show(kthread_create_on_cpu(never_runs, NULL, 3, "no_number"));
	pr_info("current is \"%s\"\n", current->comm);
	return 0;
}

static void __exit kthread_names_exit(void)
{
}

module_init(kthread_names_init);
module_exit(kthread_names_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("The names of kthreads");
