// kloom: --user 'cat /sys/kernel/debug/demo/counter; echo 0x10 > /sys/kernel/debug/demo/counter; cat /sys/kernel/debug/demo/*' --user 'cat /sys/kernel/debug/demo/hello; cat /sys/kernel/debug/demo/flag'
/* Files of debugfs: variables, a blob and operations of the module's own. */
#include <linux/debugfs.h>
#include <linux/module.h>

static struct dentry *directory;
static u32 counter = 3;
static bool flag = true;
static char text[] = "blob\n";
static struct debugfs_blob_wrapper blob = { .data = text, .size = sizeof(text) - 1 };

static int hello_show(struct seq_file *m, void *v)
{
	seq_puts(m, "hello\n");
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(hello);

static int __init demo_init(void)
{
	directory = debugfs_create_dir("demo", NULL);
	if (IS_ERR(directory))
		return PTR_ERR(directory);
	debugfs_create_u32("counter", 0644, directory, &counter);
	debugfs_create_bool("flag", 0644, directory, &flag);
	debugfs_create_blob("blob", 0444, directory, &blob);
	debugfs_create_file("hello", 0444, directory, NULL, &hello_fops);
	return 0;
}

static void __exit demo_exit(void)
{
	debugfs_remove_recursive(directory);
}

module_init(demo_init);
module_exit(demo_exit);
MODULE_LICENSE("GPL");
