// kloom: --user 'cat /proc/demo' --user 'rmmod remove_while_reading'
/* Unloading waits for the reader: the entry is removed first, then what its function uses is freed. */
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
	remove_proc_entry("demo", NULL);
	kfree(data);
}

module_init(demo_init);
module_exit(demo_exit);
MODULE_LICENSE("GPL");
