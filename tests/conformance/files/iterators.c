// SPDX-License-Identifier: MIT
// conformance: read_iter and write_iter of a device: what the iterator holds before and after each copy, where the position goes
// drive: D=/dev/iterators
// drive: insmod $MODULE
// drive: echo "$(dd if=$D bs=4 count=2 2>/dev/null)"; echo "$(dd if=$D bs=100 2>/dev/null)"
// drive: printf 0123456789 | dd of=$D bs=5 2>/dev/null; echo "$(dd if=$D bs=16 count=1 2>/dev/null)"
// drive: printf zz >> $D; printf '' > $D
// drive: rmmod $MODULE
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/uio.h>

static char text[16] = "abcdefghijklmnop";

static ssize_t iterators_read(struct kiocb *iocb, struct iov_iter *to)
{
	size_t before = iov_iter_count(to), left = sizeof(text) - min_t(loff_t, iocb->ki_pos, sizeof(text)), copied;

	copied = copy_to_iter(text + sizeof(text) - left, min(left, before), to);
	pr_info("read at %lld: %zu wanted, %zu copied, %zu left, source %d\n", iocb->ki_pos, before, copied, iov_iter_count(to),
		iov_iter_rw(to) == WRITE);
	iocb->ki_pos += copied;
	return copied;
}

static ssize_t iterators_write(struct kiocb *iocb, struct iov_iter *from)
{
	size_t before = iov_iter_count(from), room = sizeof(text) - min_t(loff_t, iocb->ki_pos, sizeof(text)), copied;

	iov_iter_truncate(from, room);
	copied = copy_from_iter(text + sizeof(text) - room, iov_iter_count(from), from);
	pr_info("write at %lld: %zu given, %zu copied, %zu left, append %d direct %d\n", iocb->ki_pos, before, copied,
		iov_iter_count(from), !!(iocb->ki_flags & IOCB_APPEND), !!(iocb->ki_flags & IOCB_DIRECT));
	iocb->ki_pos += copied;
	return copied;
}

static const struct file_operations iterators_ops = {
	.owner = THIS_MODULE, .read_iter = iterators_read, .write_iter = iterators_write, .llseek = default_llseek};
static struct miscdevice iterators_device = {.minor = MISC_DYNAMIC_MINOR, .name = "iterators", .fops = &iterators_ops};
module_misc_device(iterators_device);
MODULE_LICENSE("Dual MIT/GPL");
