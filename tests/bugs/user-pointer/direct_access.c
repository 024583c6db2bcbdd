// kloom: --user 'echo x > /dev/demo'
// expect: user-pointer
/* The user's buffer is used without copy_from_user(). */
#include <linux/miscdevice.h>
#include <linux/module.h>

static ssize_t demo_write(struct file *file, const char __user *from, size_t count, loff_t *pos)
{
	pr_info("first byte %c\n", from[0]);
	return count;
}

static const struct file_operations demo_fops = { .owner = THIS_MODULE, .write = demo_write };
static struct miscdevice demo = { .minor = MISC_DYNAMIC_MINOR, .name = "demo", .fops = &demo_fops };

module_misc_device(demo);
MODULE_LICENSE("GPL");
