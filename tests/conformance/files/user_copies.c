// SPDX-License-Identifier: MIT
// conformance: what copies from and to bad user addresses leave uncopied, and what they return
// drive: insmod $MODULE
// drive: for address in 0 1 8 4095 0xffff888000000000 0xffffffffffffffff; do
// drive:     ioctl /dev/user_copies 1 $address
// drive: done
// drive: rmmod $MODULE
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

static char text[16] = "0123456789abcde";

static void try_numbers(void __user *to)
{
	u8 byte = 1;
	u16 word = 2;
	u32 number = 3;
	u64 wide = 4;
	int errors[4];

	errors[0] = get_user(byte, (u8 __user *)to);
	errors[1] = get_user(word, (u16 __user *)to);
	errors[2] = get_user(number, (u32 __user *)to);
	errors[3] = get_user(wide, (u64 __user *)to);
	pr_info("get_user %d %d %d %d: %u %u %u %llu\n", errors[0], errors[1], errors[2], errors[3], byte, word, number, wide);
	errors[0] = put_user(byte, (u8 __user *)to);
	errors[1] = put_user(word, (u16 __user *)to);
	errors[2] = put_user(number, (u32 __user *)to);
	errors[3] = put_user(wide, (u64 __user *)to);
	pr_info("put_user %d %d %d %d\n", errors[0], errors[1], errors[2], errors[3]);
}

static long user_copies_ioctl(struct file *file, unsigned int command, unsigned long argument)
{
	void __user *to = (void __user *)argument;
	loff_t position = 3;
	char copy[16];
	void *memory;
	long left;

	memset(copy, '#', sizeof(copy));
	left = copy_from_user(copy, to, 10);
	pr_info("%lx: copy_to_user %lu, of nothing %lu, copy_from_user %lu [%.10s], of nothing %lu\n", argument,
		copy_to_user(to, text, 10), copy_to_user(to, text, 0), left, copy[0] ? copy : "zeroes", copy_from_user(copy, to, 0));
	pr_info("clear_user %lu %lu access_ok %d %d %d\n", clear_user(to, 7), clear_user(to, 0), access_ok(to, 0), access_ok(to, 1),
		access_ok(to, 4096));
	try_numbers(to);
	left = strncpy_from_user(copy, to, sizeof(copy));
	pr_info("strncpy_from_user %ld, of nothing %ld, strnlen_user %ld\n", left, strncpy_from_user(copy, to, 0),
		strnlen_user(to, 10));
	memory = memdup_user(to, 10);
	pr_info("memdup_user %ld memdup_user_nul %ld", PTR_ERR(memory), PTR_ERR(memdup_user_nul(to, 10)));
	pr_cont(" strndup_user %ld\n", PTR_ERR(strndup_user(to, 10)));
	left = simple_read_from_buffer(to, 5, &position, text, sizeof(text));
	pr_info("simple_read_from_buffer %ld at %lld", left, position);
	left = simple_write_to_buffer(copy, sizeof(copy), &position, to, 5);
	pr_cont(" simple_write_to_buffer %ld at %lld\n", left, position);
	return 0;
}

static const struct file_operations user_copies_ops = {.owner = THIS_MODULE, .unlocked_ioctl = user_copies_ioctl};
static struct miscdevice user_copies_device = {.minor = MISC_DYNAMIC_MINOR, .name = "user_copies", .fops = &user_copies_ops};
module_misc_device(user_copies_device);
MODULE_LICENSE("Dual MIT/GPL");
