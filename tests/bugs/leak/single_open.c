// kloom: --user 'cat /proc/demo'
// expect: leak
/* single_open() without single_release(): every open leaves a seq_file behind. */
#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>

static int demo_show(struct seq_file *m, void *v)
{
	seq_puts(m, "hello\n");
	return 0;
}

static int demo_open(struct inode *inode, struct file *file)
{
	return single_open(file, demo_show, NULL);
}

static const struct proc_ops demo_ops = {
	.proc_open = demo_open,
	.proc_read = seq_read,
};

static int __init demo_init(void)
{
	return proc_create("demo", 0444, NULL, &demo_ops) ? 0 : -ENOMEM;
}

static void __exit demo_exit(void)
{
	remove_proc_entry("demo", NULL);
}

module_init(demo_init);
module_exit(demo_exit);
MODULE_LICENSE("GPL");
