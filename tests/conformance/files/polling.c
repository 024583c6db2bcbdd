// SPDX-License-Identifier: MIT
// conformance: poll: what a device says that it is ready for, waiting for it, time-outs, and files without a poll function
// drive: D=/dev/polling
// drive: insmod $MODULE
// drive: poll -t 0 $D; poll -w -t 0 $D; poll -t 0.1 $D; echo $?
// drive: echo 1 > $D; poll -t 0 $D; poll -w -t 0 $D; echo $?
// drive: echo 2 > $D; poll -t 0 $D; echo 3 > $D; poll -t 0 $D; poll -w -t 0 $D
// drive: echo 0 > $D; poll $D & sleep 0.3; echo 1 > $D; wait
// drive: echo 0 > $D; poll -t 0.2 $D & sleep 0.1; echo 4 > $D; wait
// drive: poll -t 0 /proc/polling; poll -w -t 0 /proc/polling; poll -t 0 /dev/null; poll -w -t 0 /dev/null
// drive: poll -t 0 /sys/module/polling/refcnt
// drive: rmmod $MODULE
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/proc_fs.h>
#include <linux/uaccess.h>
#include <linux/wait.h>

static DECLARE_WAIT_QUEUE_HEAD(queue);
static int state;

static __poll_t polling_poll(struct file *file, poll_table *table)
{
	static const __poll_t masks[] = {EPOLLOUT | EPOLLWRNORM, EPOLLIN | EPOLLRDNORM, EPOLLPRI, EPOLLERR | EPOLLIN | EPOLLRDNORM, 0};

	poll_wait(file, &queue, table);
	return masks[state];
}

static ssize_t polling_write(struct file *file, const char __user *from, size_t count, loff_t *position)
{
	char letter;

	if (get_user(letter, from))
		return -EFAULT;
	state = letter - '0';
	wake_up_interruptible(&queue);
	pr_info("state %d, waiters %d\n", state, waitqueue_active(&queue));
	return count;
}

static ssize_t polling_read(struct file *file, char __user *to, size_t count, loff_t *position)
{
	return 0;
}

static const struct file_operations polling_ops = {
	.owner = THIS_MODULE, .poll = polling_poll, .write = polling_write, .read = polling_read};
static struct miscdevice device = {.minor = MISC_DYNAMIC_MINOR, .name = "polling", .fops = &polling_ops};
static const struct proc_ops proc_ops = {.proc_read = polling_read, .proc_write = polling_write};

static int __init polling_init(void)
{
	if (!proc_create("polling", 0666, NULL, &proc_ops))
		return -ENOMEM;
	return misc_register(&device);
}

static void __exit polling_exit(void)
{
	misc_deregister(&device);
	remove_proc_entry("polling", NULL);
}

module_init(polling_init);
module_exit(polling_exit);
MODULE_LICENSE("Dual MIT/GPL");
