// kloom: --user 'echo x > /proc/demo'
// expect: hang
/* A write to the entry removes the entry: removal waits for the write to end, and the write for the removal. */
#include <linux/module.h>
#include <linux/proc_fs.h>

static struct proc_dir_entry *entry;

static ssize_t demo_write(struct file *file, const char __user *buffer, size_t count, loff_t *pos)
{
	proc_remove(entry);
	return count;
}

static const struct proc_ops demo_ops = { .proc_write = demo_write };

static int __init demo_init(void)
{
	entry = proc_create("demo", 0222, NULL, &demo_ops);
	return entry ? 0 : -ENOMEM;
}

static void __exit demo_exit(void)
{
}

module_init(demo_init);
module_exit(demo_exit);
MODULE_LICENSE("GPL");
