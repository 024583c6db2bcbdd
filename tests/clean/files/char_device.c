// kloom: --user 'echo hello > /dev/demo0; cat /dev/demo0; ioctl /dev/demo0 "_IOR(k,1,int)" "&0"' --user 'poll -t 1 /dev/demo0'
/* A character device with its class: read, write, ioctl, poll, and llseek through the helpers of libfs. */
#include <linux/cdev.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/poll.h>
#include <linux/uaccess.h>
#include <linux/wait.h>

#define DEMO_GET_LENGTH _IOR('k', 1, int)

static dev_t number;
static struct cdev cdev;
static struct class *class;
static char buffer[64];
static size_t length;
static DEFINE_MUTEX(lock);
static DECLARE_WAIT_QUEUE_HEAD(readers);

static ssize_t demo_read(struct file *file, char __user *to, size_t count, loff_t *pos)
{
	ssize_t result;

	if (mutex_lock_interruptible(&lock))
		return -ERESTARTSYS;
	result = simple_read_from_buffer(to, count, pos, buffer, length);
	mutex_unlock(&lock);
	return result;
}

static ssize_t demo_write(struct file *file, const char __user *from, size_t count, loff_t *pos)
{
	ssize_t result;

	mutex_lock(&lock);
	result = simple_write_to_buffer(buffer, sizeof(buffer), pos, from, count);
	if (result > 0)
		length = *pos;
	mutex_unlock(&lock);
	wake_up_interruptible(&readers);
	return result;
}

static __poll_t demo_poll(struct file *file, poll_table *wait)
{
	__poll_t mask = EPOLLOUT | EPOLLWRNORM;

	poll_wait(file, &readers, wait);
	mutex_lock(&lock);
	if (length)
		mask |= EPOLLIN | EPOLLRDNORM;
	mutex_unlock(&lock);
	return mask;
}

static long demo_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	int value;

	if (cmd != DEMO_GET_LENGTH)
		return -ENOTTY;
	mutex_lock(&lock);
	value = length;
	mutex_unlock(&lock);
	return put_user(value, (int __user *)arg);
}

static const struct file_operations demo_fops = {
	.owner = THIS_MODULE,
	.llseek = default_llseek,
	.read = demo_read,
	.write = demo_write,
	.poll = demo_poll,
	.unlocked_ioctl = demo_ioctl,
};

static int __init demo_init(void)
{
	int error = alloc_chrdev_region(&number, 0, 1, "demo");

	if (error)
		return error;
	cdev_init(&cdev, &demo_fops);
	cdev.owner = THIS_MODULE;
	error = cdev_add(&cdev, number, 1);
	if (error)
		goto no_cdev;
	class = class_create(THIS_MODULE, "demo");
	if (IS_ERR(class)) {
		error = PTR_ERR(class);
		goto no_class;
	}
	if (IS_ERR(device_create(class, NULL, number, NULL, "demo%d", 0))) {
		error = -ENOMEM;
		goto no_device;
	}
	return 0;
no_device:
	class_destroy(class);
no_class:
	cdev_del(&cdev);
no_cdev:
	unregister_chrdev_region(number, 1);
	return error;
}

static void __exit demo_exit(void)
{
	device_destroy(class, number);
	class_destroy(class);
	cdev_del(&cdev);
	unregister_chrdev_region(number, 1);
}

module_init(demo_init);
module_exit(demo_exit);
MODULE_LICENSE("GPL");
