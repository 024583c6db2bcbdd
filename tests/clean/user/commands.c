// kloom: --user 'for i in 1 2 3; do echo $i > /proc/last; done; cat /proc/last | grep -c 3' --user 'nproc; cat /proc/cpuinfo | grep -c ^processor; ps -eaF | head -n 3; uname -a; taskset -c 1 cat /proc/last'
/* Commands of user processes around one entry of /proc. */
#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/spinlock.h>
#include <linux/uaccess.h>

static DEFINE_SPINLOCK(lock);
static char last[16];

static ssize_t last_read(struct file *file, char __user *to, size_t count, loff_t *pos)
{
	char text[sizeof(last)];

	spin_lock(&lock);
	memcpy(text, last, sizeof(text));
	spin_unlock(&lock);
	return simple_read_from_buffer(to, count, pos, text, strlen(text));
}

static ssize_t last_write(struct file *file, const char __user *from, size_t count, loff_t *pos)
{
	char text[sizeof(last)] = "";

	if (count >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, from, count))
		return -EFAULT;
	spin_lock(&lock);
	memcpy(last, text, sizeof(last));
	spin_unlock(&lock);
	return count;
}

static const struct proc_ops last_ops = {
	.proc_read = last_read,
	.proc_write = last_write,
};

static int __init demo_init(void)
{
	return proc_create("last", 0644, NULL, &last_ops) ? 0 : -ENOMEM;
}

static void __exit demo_exit(void)
{
	remove_proc_entry("last", NULL);
}

module_init(demo_init);
module_exit(demo_exit);
MODULE_LICENSE("GPL");
