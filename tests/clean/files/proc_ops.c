// kloom: --user 'echo 5 > /proc/demo/value; cat /proc/demo/value' --user 'cat /proc/demo/list'
/* Entries of /proc in all forms: proc_ops with a buffer, single_open, an iterator. Everything is removed again. */
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/uaccess.h>

static struct proc_dir_entry *directory;
static DEFINE_MUTEX(value_lock);
static int value = 1;

static int value_show(struct seq_file *m, void *v)
{
	mutex_lock(&value_lock);
	seq_printf(m, "value %d\n", value);
	mutex_unlock(&value_lock);
	return 0;
}

static int value_open(struct inode *inode, struct file *file)
{
	return single_open(file, value_show, pde_data(inode));
}

static ssize_t value_write(struct file *file, const char __user *buffer, size_t count, loff_t *pos)
{
	char text[16];

	if (count >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, buffer, count))
		return -EFAULT;
	text[count] = '\0';
	mutex_lock(&value_lock);
	value = simple_strtol(text, NULL, 10);
	mutex_unlock(&value_lock);
	return count;
}

static const struct proc_ops value_ops = {
	.proc_open = value_open,
	.proc_read = seq_read,
	.proc_write = value_write,
	.proc_lseek = seq_lseek,
	.proc_release = single_release,
};

static void *list_start(struct seq_file *m, loff_t *pos)
{
	return *pos < 3 ? (void *)(long)(*pos + 1) : NULL;
}

static void *list_next(struct seq_file *m, void *v, loff_t *pos)
{
	++*pos;
	return list_start(m, pos);
}

static void list_stop(struct seq_file *m, void *v)
{
}

static int list_show(struct seq_file *m, void *v)
{
	seq_printf(m, "record %ld\n", (long)v);
	return 0;
}

static const struct seq_operations list_ops = {
	.start = list_start,
	.next = list_next,
	.stop = list_stop,
	.show = list_show,
};

static int __init demo_init(void)
{
	directory = proc_mkdir("demo", NULL);
	if (!directory)
		return -ENOMEM;
	if (!proc_create("value", 0644, directory, &value_ops) || !proc_create_seq("list", 0444, directory, &list_ops)) {
		remove_proc_subtree("demo", NULL);
		return -ENOMEM;
	}
	return 0;
}

static void __exit demo_exit(void)
{
	proc_remove(directory);
}

module_init(demo_init);
module_exit(demo_exit);
MODULE_LICENSE("GPL");
