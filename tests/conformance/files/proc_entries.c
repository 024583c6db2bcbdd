// SPDX-License-Identifier: MIT
// conformance: entries of /proc: names and folders, entries that exist already, missing operations, permissions, PDE_DATA
// drive: insmod $MODULE
// drive: ls /proc/entries; cat /proc/entries/data; cat /proc/entries/bare; echo x > /proc/entries/bare; echo x > /proc/entries/data
// drive: cat /proc/entries; cat /proc/entries/nothing; echo 1 > /proc/entries/new; ls /proc/entries/inner
// drive: ioctl /proc/entries/data 1 0
// drive: rmmod $MODULE; ls /proc/entries
#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>

static int number = 42;

static int data_show(struct seq_file *m, void *v)
{
	seq_printf(m, "data %d\n", *(int *)m->private);
	return 0;
}

static const struct proc_ops bare_ops = {};

static int __init proc_entries_init(void)
{
	struct proc_dir_entry *folder = proc_mkdir("entries", NULL);
	struct proc_dir_entry *inner = proc_mkdir("inner", folder);

	pr_info("folders %d %d\n", !!folder, !!inner);
	pr_info("a folder again %d\n", !!proc_mkdir("entries", NULL));
	pr_info("data %d\n", !!proc_create_single_data("data", 0444, folder, data_show, &number));
	pr_info("data again %d\n", !!proc_create_single_data("data", 0444, folder, data_show, &number));
	pr_info("bare %d\n", !!proc_create("bare", 0666, folder, &bare_ops));
	pr_info("in a folder that is not there %d\n", !!proc_create("entries/none/file", 0444, NULL, &bare_ops));
	pr_info("by a path %d\n", !!proc_create("entries/inner/file", 0444, NULL, &bare_ops));
	pr_info("no name %d\n", !!proc_create("", 0444, folder, &bare_ops));
	pr_info("a dot %d\n", !!proc_create(".", 0444, folder, &bare_ops));
	pr_info("link %d\n", !!proc_symlink("link", folder, "data"));
	remove_proc_entry("nothing", folder);
	return 0;
}

static void __exit proc_entries_exit(void)
{
	pr_info("remove the subtree: %d\n", remove_proc_subtree("entries", NULL));
	pr_info("again: %d\n", remove_proc_subtree("entries", NULL));
}

module_init(proc_entries_init);
module_exit(proc_entries_exit);
MODULE_LICENSE("Dual MIT/GPL");
