// SPDX-License-Identifier: MIT
/*
 * The kernel is reentrant: while one path waits in a function, another one may enter it. This function is not,
 * because it keeps its state in a global variable.
 */
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/sched.h>
#include <linux/seq_file.h>

static pid_t reader;		/* who is being served: shared by all paths that run this function */

static int report_show(struct seq_file *m, void *unused)
{
	reader = current->pid;
	msleep(10);		/* waits for the disk; meanwhile other paths enter the function */
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
MODULE_DESCRIPTION("A function that is not reentrant");
