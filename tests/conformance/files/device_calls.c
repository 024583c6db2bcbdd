// SPDX-License-Identifier: MIT
// conformance: a misc device: which calls open and release come to, error codes of ioctl, missing operations, the module's count
// drive: D=/dev/device_calls
// drive: insmod $MODULE
// drive: cat $D; echo text > $D; cat < $D; lsmod | grep -c device_calls
// drive: exec 3<>$D; cat /sys/module/device_calls/refcnt; rmmod $MODULE; exec 4<&3; exec 3>&-; cat /sys/module/device_calls/refcnt; exec 4>&-
// drive: cat /sys/module/device_calls/refcnt
// drive: for command in 1 2 3 4 5 6; do ioctl $D $command 7; done
// drive: ioctl $D 0x541b 0; ioctl $D 0x5421 0
// drive: cat /dev/device_bare; echo x > /dev/device_bare; ioctl /dev/device_bare 1 0
// drive: insmod $MODULE; cat $D > $D
// drive: echo x >> $D
// drive: rmmod $MODULE; cat $D
// drive: insmod $MODULE failing=1; cat $D; echo $?; cat /sys/module/device_calls/refcnt; rmmod $MODULE
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>

static int failing;
module_param(failing, int, 0444);

static int calls_open(struct inode *inode, struct file *file)
{
	pr_info("open for %s%s, flags %o, private is the device: %d\n", file->f_mode & FMODE_READ ? "r" : "",
		file->f_mode & FMODE_WRITE ? "w" : "", file->f_flags & (O_ACCMODE | O_APPEND | O_NONBLOCK),
		((struct miscdevice *)file->private_data)->minor == iminor(inode));
	return failing ? -EBUSY : 0;
}

static int calls_release(struct inode *inode, struct file *file)
{
	pr_info("release\n");
	return -EIO;
}

static ssize_t calls_read(struct file *file, char __user *to, size_t count, loff_t *position)
{
	pr_info("read at %lld\n", *position);
	return 0;
}

static ssize_t calls_write(struct file *file, const char __user *from, size_t count, loff_t *position)
{
	pr_info("write %zu at %lld\n", count, *position);
	return count;
}

static long calls_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	static const long results[] = {0, 5, -ENOTTY, -ENOIOCTLCMD, -EINVAL, -ENOSYS};

	if (command == 0x5401) /* a shell asks its output whether it is a terminal */
		return -ENOTTY;
	pr_info("ioctl %u with %lu\n", command, argument);
	return command - 1 < ARRAY_SIZE(results) ? results[command - 1] : -ENOTTY;
}

static const struct file_operations calls_ops = {
	.owner = THIS_MODULE, .open = calls_open, .release = calls_release,
	.read = calls_read, .write = calls_write, .unlocked_ioctl = calls_ioctl};
static const struct file_operations bare_ops = {.owner = THIS_MODULE};
static struct miscdevice device = {.minor = MISC_DYNAMIC_MINOR, .name = "device_calls", .fops = &calls_ops};
static struct miscdevice bare = {.minor = MISC_DYNAMIC_MINOR, .name = "device_bare", .fops = &bare_ops, .mode = 0666};

static int __init device_calls_init(void)
{
	int error = misc_register(&device);

	pr_info("register %d, bare %d\n", error, misc_register(&bare));
	return error;
}

static void __exit device_calls_exit(void)
{
	misc_deregister(&bare);
	misc_deregister(&device);
}

module_init(device_calls_init);
module_exit(device_calls_exit);
MODULE_LICENSE("Dual MIT/GPL");
