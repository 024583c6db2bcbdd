// kloom: --user 'cat /dev/demo'
// expect: sleep-in-atomic
/* copy_to_user() may sleep, and a spinlock is held. */
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/spinlock.h>
#include <linux/uaccess.h>

static DEFINE_SPINLOCK(lock);

static ssize_t demo_read(struct file *file, char __user *to, size_t count, loff_t *pos)
{
	int error;

	if (*pos)
		return 0;
	spin_lock(&lock);
	error = copy_to_user(to, "x\n", 2);
	spin_unlock(&lock);
	*pos = 2;
	return error ? -EFAULT : 2;
}

static const struct file_operations demo_fops = { .owner = THIS_MODULE, .read = demo_read };
static struct miscdevice demo = { .minor = MISC_DYNAMIC_MINOR, .name = "demo", .fops = &demo_fops };

module_misc_device(demo);
MODULE_LICENSE("GPL");
