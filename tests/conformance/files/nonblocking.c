// SPDX-License-Identifier: MIT
// conformance: reads that would block: O_NONBLOCK of the file, an interrupting signal, and what is read when data comes
// drive: D=/dev/nonblocking
// drive: insmod $MODULE
// drive: dd if=$D iflag=nonblock bs=10 count=1 2>/dev/null; echo $?
// drive: echo hello > $D; cat $D; echo again > $D; echo "$(dd if=$D bs=3 count=2 2>/dev/null)"
// drive: timeout 1 cat $D; echo $?
// drive: cat $D & sleep 0.3; echo later > $D; wait
// drive: rmmod $MODULE
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/uaccess.h>
#include <linux/wait.h>

static DECLARE_WAIT_QUEUE_HEAD(queue);
static char data[32];
static size_t available;
static bool is_ended;

static ssize_t nonblocking_read(struct file *file, char __user *to, size_t count, loff_t *position)
{
	int error;

	if (is_ended) {
		is_ended = false;
		return 0;
	}
	if (!available && file->f_flags & O_NONBLOCK)
		return -EAGAIN;
	error = wait_event_interruptible(queue, available);
	if (error) {
		pr_info("interrupted: %d, pending %d\n", error, signal_pending(current));
		return error;
	}
	count = min(count, available);
	if (copy_to_user(to, data, count))
		return -EFAULT;
	pr_info("read %zu of %zu\n", count, available);
	available -= count;
	memmove(data, data + count, available);
	is_ended = !available;
	return count;
}

static ssize_t nonblocking_write(struct file *file, const char __user *from, size_t count, loff_t *position)
{
	count = min(count, sizeof(data));
	if (copy_from_user(data, from, count))
		return -EFAULT;
	available = count;
	wake_up_interruptible(&queue);
	return count;
}

static const struct file_operations nonblocking_ops = {.owner = THIS_MODULE, .read = nonblocking_read, .write = nonblocking_write};
static struct miscdevice nonblocking_device = {.minor = MISC_DYNAMIC_MINOR, .name = "nonblocking", .fops = &nonblocking_ops};
module_misc_device(nonblocking_device);
MODULE_LICENSE("Dual MIT/GPL");
