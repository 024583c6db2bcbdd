// kloom: --user 'echo 5 > /proc/events'
// The write gives back what it has taken.
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/proc_fs.h>

static DEFINE_PER_CPU(int, events);

static ssize_t events_write(struct file *file, const char __user *text, size_t size, loff_t *offset)
{
	get_cpu_var(events)++;
	put_cpu_var(events);
	return size;
}

static const struct proc_ops events_ops = {
	.proc_write = events_write,
};

static int __init example_init(void)
{
	return proc_create("events", 0200, NULL, &events_ops) ? 0 : -ENOMEM;
}

static void __exit example_exit(void)
{
	remove_proc_entry("events", NULL);
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
