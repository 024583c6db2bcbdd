// SPDX-License-Identifier: MIT
// conformance: references to the module: taken by hand, by open files and not by /proc; unloading while they are held
// drive: R=/sys/module/references/refcnt
// drive: insmod $MODULE; cat $R
// drive: echo get > /proc/references; cat $R; rmmod $MODULE; echo put > /proc/references; cat $R
// drive: exec 3</dev/references; cat $R; rmmod $MODULE; echo $?; exec 3<&-; cat $R
// drive: exec 3</proc/references; cat $R; exec 3<&-
// drive: rmmod $MODULE; echo $?
// drive: insmod $MODULE locked=1; rmmod $MODULE; cat $R; echo put > /proc/references; rmmod $MODULE; echo $?
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/uaccess.h>

static bool locked;
module_param(locked, bool, 0444);

static ssize_t references_write(struct file *file, const char __user *from, size_t count, loff_t *position)
{
	char letter;

	if (get_user(letter, from))
		return -EFAULT;
	if (letter == 'g')
		pr_info("get %d\n", try_module_get(THIS_MODULE));
	else
		module_put(THIS_MODULE);
	pr_info("%d references, live %d\n", module_refcount(THIS_MODULE), module_is_live(THIS_MODULE));
	return count;
}

static const struct proc_ops proc_ops = {.proc_write = references_write};
static const struct file_operations device_ops = {.owner = THIS_MODULE};
static struct miscdevice device = {.minor = MISC_DYNAMIC_MINOR, .name = "references", .fops = &device_ops};

static int __init references_init(void)
{
	pr_info("init: %d references, live %d, state %d\n", module_refcount(THIS_MODULE), module_is_live(THIS_MODULE), THIS_MODULE->state);
	if (locked)
		__module_get(THIS_MODULE);
	if (!proc_create("references", 0666, NULL, &proc_ops))
		return -ENOMEM;
	return misc_register(&device);
}

static void __exit references_exit(void)
{
	pr_info("exit: %d references, live %d, state %d\n", module_refcount(THIS_MODULE), module_is_live(THIS_MODULE), THIS_MODULE->state);
	pr_info("get %d\n", try_module_get(THIS_MODULE));
	misc_deregister(&device);
	remove_proc_entry("references", NULL);
}

module_init(references_init);
module_exit(references_exit);
MODULE_LICENSE("Dual MIT/GPL");
