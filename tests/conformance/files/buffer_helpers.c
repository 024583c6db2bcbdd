// SPDX-License-Identifier: MIT
// conformance: simple_read_from_buffer() and simple_write_to_buffer() at every edge of a buffer, and where the position goes
// drive: insmod $MODULE
// drive: cat /proc/buffer_helpers; echo
// drive: for size in 1 3 16 17 100; do echo "$(dd if=/proc/buffer_helpers bs=$size count=2 2>/dev/null)"; done
// drive: for place in 15 16 17 1000; do echo "$(dd if=/proc/buffer_helpers bs=1 skip=$place count=4 2>/dev/null)"; done
// drive: printf 'XYZ' > /proc/buffer_helpers; cat /proc/buffer_helpers; echo
// drive: printf 'ab' | dd of=/proc/buffer_helpers bs=2 seek=7 2>/dev/null; cat /proc/buffer_helpers; echo
// drive: printf '0123456789abcdefghijkl' | dd of=/proc/buffer_helpers bs=22 2>/dev/null; echo $?; cat /proc/buffer_helpers; echo
// drive: printf 'x' | dd of=/proc/buffer_helpers bs=1 seek=16 2>/dev/null; echo $?
// drive: rmmod $MODULE
#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/uaccess.h>

static char buffer[16] = "the sixteen byte";

static ssize_t buffer_helpers_read(struct file *file, char __user *to, size_t count, loff_t *position)
{
	loff_t before = *position;
	ssize_t result = simple_read_from_buffer(to, count, position, buffer, sizeof(buffer));

	if (count <= 100)
		pr_info("read %zu at %lld: %zd, now at %lld\n", count, before, result, *position);
	return result;
}

static ssize_t buffer_helpers_write(struct file *file, const char __user *from, size_t count, loff_t *position)
{
	loff_t before = *position;
	ssize_t result = simple_write_to_buffer(buffer, sizeof(buffer), position, from, count);

	pr_info("write %zu at %lld: %zd, now at %lld\n", count, before, result, *position);
	return result ? result : -ENOSPC;
}

static const struct proc_ops buffer_helpers_ops = {
	.proc_read = buffer_helpers_read,
	.proc_write = buffer_helpers_write,
	.proc_lseek = default_llseek,
};

static int __init buffer_helpers_init(void)
{
	char source[4] = "abcd", to[4] = "####";
	loff_t minus = -1, far = 10, position = 2;
	ssize_t read;

	pr_info("negative %zd, far %zd", simple_read_from_buffer(NULL, 1, &minus, buffer, 16),
		simple_read_from_buffer(NULL, 1, &far, buffer, 10));
	pr_cont(" write: negative %zd, far %zd\n", simple_write_to_buffer(buffer, 16, &minus, NULL, 1),
		simple_write_to_buffer(buffer, 10, &far, NULL, 1));
	read = memory_read_from_buffer(to, sizeof(to), &position, source, sizeof(source));
	pr_info("memory_read_from_buffer %zd at %lld [%.4s]\n", read, position, to);
	read = memory_read_from_buffer(to, sizeof(to), &position, source, sizeof(source));
	pr_info("again %zd at %lld, negative %zd\n", read, position, memory_read_from_buffer(to, 4, &minus, source, 4));
	return proc_create("buffer_helpers", 0666, NULL, &buffer_helpers_ops) ? 0 : -ENOMEM;
}

static void __exit buffer_helpers_exit(void)
{
	remove_proc_entry("buffer_helpers", NULL);
}

module_init(buffer_helpers_init);
module_exit(buffer_helpers_exit);
MODULE_LICENSE("Dual MIT/GPL");
