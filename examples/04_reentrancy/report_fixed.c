// SPDX-License-Identifier: MIT
/*
 * State on the stack makes the function reentrant: each kernel control path has a stack of its own.
 */
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/sched.h>
#include <linux/seq_file.h>

static int report_show(struct seq_file *m, void *unused)
{
	pid_t reader = current->pid;	/* every path has its own */

	msleep(10);
	WARN_ON(reader != current->pid);
	seq_printf(m, "report for %d\n", reader);
	return 0;
}

static int __init example_init(void)
{
	return proc_create_single("report", 0444, NULL, report_show) ? 0 : -ENOMEM;
}

static void __exit example_exit(void)
{
	remove_proc_entry("report", NULL);
}

module_init(example_init);
module_exit(example_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("A reentrant function");
