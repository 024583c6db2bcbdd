// kloom: --user 'echo "more than ten bytes" > /proc/demo'
// expect: assertion
/* The size of the user's data is not checked against the buffer: copy_from_user() refuses the copy and warns. */
#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/uaccess.h>

static ssize_t demo_write(struct file *file, const char __user *buffer, size_t count, loff_t *pos)
{
	char text[10];

	if (copy_from_user(text, buffer, count))
		return -EFAULT;
	return count;
}

static const struct proc_ops demo_ops = { .proc_write = demo_write };

static int __init demo_init(void)
{
	return proc_create("demo", 0222, NULL, &demo_ops) ? 0 : -ENOMEM;
}

static void __exit demo_exit(void)
{
	remove_proc_entry("demo", NULL);
}

module_init(demo_init);
module_exit(demo_exit);
MODULE_LICENSE("GPL");
