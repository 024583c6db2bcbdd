// kloom: --user 'cat /dev/demo; echo -n abc > /dev/demo; cat /dev/demo' --user 'timeout 1 cat /dev/demo'
/* A misc device whose readers wait for data, and a reader that a signal ends. */
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/spinlock.h>
#include <linux/uaccess.h>
#include <linux/wait.h>

static DEFINE_SPINLOCK(lock);
static DECLARE_WAIT_QUEUE_HEAD(queue);
static int available = 1;

static bool take(void)
{
	bool taken = false;

	spin_lock(&lock);
	if (available) {
		available--;
		taken = true;
	}
	spin_unlock(&lock);
	return taken;
}

static ssize_t demo_read(struct file *file, char __user *to, size_t count, loff_t *pos)
{
	static const char text[] = "token\n";

	if (*pos)
		return 0;
	if (file->f_flags & O_NONBLOCK)
		return -EAGAIN;
	if (wait_event_interruptible(queue, take()))
		return -ERESTARTSYS;
	return simple_read_from_buffer(to, count, pos, text, sizeof(text) - 1);
}

static ssize_t demo_write(struct file *file, const char __user *from, size_t count, loff_t *pos)
{
	spin_lock(&lock);
	available += count;
	spin_unlock(&lock);
	wake_up_interruptible(&queue);
	return count;
}

static const struct file_operations demo_fops = {
	.owner = THIS_MODULE,
	.read = demo_read,
	.write = demo_write,
};

static struct miscdevice demo = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "demo",
	.fops = &demo_fops,
};

module_misc_device(demo);
MODULE_LICENSE("GPL");
