// kloom: --user 'sigio -t 5 /dev/demo' --user 'sleep 1; echo go > /dev/demo'
/* A device that tells its readers by SIGIO. */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>

static struct fasync_struct *listeners;

static int demo_fasync(int fd, struct file *file, int on)
{
	return fasync_helper(fd, file, on, &listeners);
}

static ssize_t demo_write(struct file *file, const char __user *from, size_t count, loff_t *pos)
{
	kill_fasync(&listeners, SIGIO, POLL_IN);
	return count;
}

static int demo_release(struct inode *inode, struct file *file)
{
	return demo_fasync(-1, file, 0);
}

static const struct file_operations demo_fops = {
	.owner = THIS_MODULE,
	.write = demo_write,
	.release = demo_release,
	.fasync = demo_fasync,
};

static struct miscdevice demo = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "demo",
	.fops = &demo_fops,
};

module_misc_device(demo);
MODULE_LICENSE("GPL");
