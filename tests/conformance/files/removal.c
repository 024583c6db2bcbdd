// SPDX-License-Identifier: MIT
// conformance: files of /proc and sysfs that are open when their module goes: what reads come to then, who is released
// drive: insmod $MODULE
// drive: exec 3</proc/removal; exec 4</sys/kernel/removal/value
// drive: head -c 3 <&3; echo; head -c 3 <&4
// drive: cat /sys/module/removal/refcnt; rmmod $MODULE; echo $?
// drive: cat <&3; cat <&4; echo $?
// drive: exec 3<&-; exec 4<&-
// drive: cat /proc/removal; cat /sys/kernel/removal/value
// drive: insmod $MODULE; echo "$(head -c 3 /proc/removal)"; rmmod $MODULE
#include <linux/fs.h>
#include <linux/kobject.h>
#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/sysfs.h>
#include <linux/uaccess.h>

static struct kobject *folder;

static int removal_open(struct inode *inode, struct file *file)
{
	pr_info("open\n");
	return 0;
}

static ssize_t removal_read(struct file *file, char __user *to, size_t count, loff_t *position)
{
	return simple_read_from_buffer(to, count, position, "abcdefghi\n", 10);
}

static int removal_release(struct inode *inode, struct file *file)
{
	pr_info("release\n");
	return 0;
}

static const struct proc_ops removal_proc_ops = {
	.proc_open = removal_open, .proc_read = removal_read, .proc_release = removal_release, .proc_lseek = default_llseek};

static ssize_t value_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "xy\n");
}
static struct kobj_attribute value_attr = __ATTR_RO(value);

static int __init removal_init(void)
{
	proc_create("removal", 0444, NULL, &removal_proc_ops);
	folder = kobject_create_and_add("removal", kernel_kobj);
	return folder ? sysfs_create_file(folder, &value_attr.attr) : -ENOMEM;
}

static void __exit removal_exit(void)
{
	pr_info("exit\n");
	kobject_put(folder);
	remove_proc_entry("removal", NULL);
	pr_info("all removed\n");
}

module_init(removal_init);
module_exit(removal_exit);
MODULE_LICENSE("Dual MIT/GPL");
