// kloom: --cpus 2
// expect: left-running
/* cdev_del() is missing: the device's operations stay registered after the module has gone. */
#include <linux/cdev.h>
#include <linux/fs.h>
#include <linux/module.h>

static dev_t number;
static struct cdev cdev;
static const struct file_operations demo_fops = { .owner = THIS_MODULE };

static int __init demo_init(void)
{
	int error = alloc_chrdev_region(&number, 0, 1, "demo");

	if (error)
		return error;
	cdev_init(&cdev, &demo_fops);
	return cdev_add(&cdev, number, 1);
}

static void __exit demo_exit(void)
{
	unregister_chrdev_region(number, 1);
}

module_init(demo_init);
module_exit(demo_exit);
MODULE_LICENSE("GPL");
