// kloom: --user 'cat /proc/demo' --user 'rmmod freed_before_removal'
// expect: use-after-free
/* What the entry's function uses is freed while the entry can still be read. */
#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/slab.h>

static int *data;

static int demo_show(struct seq_file *m, void *v)
{
	seq_printf(m, "%d\n", *data);
	return 0;
}

static int __init demo_init(void)
{
	data = kzalloc(sizeof(*data), GFP_KERNEL);
	if (!data)
		return -ENOMEM;
	if (proc_create_single("demo", 0444, NULL, demo_show))
		return 0;
	kfree(data);
	return -ENOMEM;
}

static void __exit demo_exit(void)
{
	kfree(data);
	remove_proc_entry("demo", NULL);
}

module_init(demo_init);
module_exit(demo_exit);
MODULE_LICENSE("GPL");
