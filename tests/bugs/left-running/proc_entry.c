// kloom: --cpus 2
// expect: left-running
/* The entry of /proc stays when the module goes: the next reader calls code that is no longer there. */
#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>

static int demo_show(struct seq_file *m, void *v)
{
	seq_puts(m, "hello\n");
	return 0;
}

static int __init demo_init(void)
{
	return proc_create_single("demo", 0444, NULL, demo_show) ? 0 : -ENOMEM;
}

static void __exit demo_exit(void)
{
}

module_init(demo_init);
module_exit(demo_exit);
MODULE_LICENSE("GPL");
