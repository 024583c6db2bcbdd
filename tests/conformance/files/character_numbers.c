// SPDX-License-Identifier: MIT
// conformance: character device numbers: what may be registered twice, ranges, errors of cdev_add, opening without a device
// drive: insmod $MODULE
// drive: grep numbers /proc/devices
// drive: mknod /dev/first c 240 0; mknod /dev/second c 240 1; mknod /dev/last c 240 9
// drive: cat /dev/first; cat /dev/second; cat /dev/last; echo $?
// drive: rmmod $MODULE; cat /dev/first; grep -c numbers /proc/devices; rm /dev/first /dev/second /dev/last
#include <linux/cdev.h>
#include <linux/fs.h>
#include <linux/module.h>

static dev_t fixed = MKDEV(240, 0);
static struct cdev devices[2];

static int numbers_open(struct inode *inode, struct file *file)
{
	pr_info("open of %u:%u, device %d\n", imajor(inode), iminor(inode), (int)(inode->i_cdev - devices));
	return 0;
}

static const struct file_operations numbers_ops = {.owner = THIS_MODULE, .open = numbers_open};

static int __init character_numbers_init(void)
{
	dev_t given = 0;
	int error;

	pr_info("register %d\n", register_chrdev_region(fixed, 3, "numbers"));
	pr_info("overlapping %d\n", register_chrdev_region(MKDEV(240, 2), 3, "others"));
	pr_info("beside %d\n", register_chrdev_region(MKDEV(240, 3), 1, "numbers_beside"));
	pr_info("too great %d\n", register_chrdev_region(MKDEV(511, 0), 1, "numbers_high"));
	error = alloc_chrdev_region(&given, 5, 2, "numbers_given");
	pr_info("given %d, minor %u, of the dynamic ones %d\n", error, MINOR(given), MAJOR(given) >= 234 || MAJOR(given) > 383);
	unregister_chrdev_region(given, 2);
	cdev_init(&devices[0], &numbers_ops);
	cdev_init(&devices[1], &numbers_ops);
	pr_info("add %d and %d\n", cdev_add(&devices[0], fixed, 1), cdev_add(&devices[1], MKDEV(240, 1), 1));
	error = register_chrdev(240, "numbers_old", &numbers_ops);
	pr_info("register_chrdev of a taken one %d\n", error);
	return 0;
}

static void __exit character_numbers_exit(void)
{
	cdev_del(&devices[0]);
	cdev_del(&devices[1]);
	unregister_chrdev_region(MKDEV(511, 0), 1);
	unregister_chrdev_region(MKDEV(240, 3), 1);
	unregister_chrdev_region(fixed, 3);
}

module_init(character_numbers_init);
module_exit(character_numbers_exit);
MODULE_LICENSE("Dual MIT/GPL");
