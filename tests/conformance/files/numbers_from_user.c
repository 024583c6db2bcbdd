// SPDX-License-Identifier: MIT
// conformance: kstrto*_from_user(): what writes of different sizes come to; too long a text is cut
// drive: insmod $MODULE
// drive: for text in 5 -5 0x10 300 70000 5000000000 99999999999999999999 y '' ' 5' '5 ' '5x'; do echo "$text" > /proc/numbers_from_user; done
// drive: printf 7 > /proc/numbers_from_user
// drive: printf '%060d' 8 > /proc/numbers_from_user
// drive: printf '%070d' 9 > /proc/numbers_from_user
// drive: printf '5\000x' > /proc/numbers_from_user
// drive: rmmod $MODULE
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/uaccess.h>

static ssize_t numbers_write(struct file *file, const char __user *from, size_t count, loff_t *position)
{
	unsigned long long wide = 1;
	long long signed_wide = 1;
	unsigned int number = 1;
	bool truth = false;
	s16 small = 1;
	int signed_number = 1;
	u8 byte = 1;
	s8 signed_byte = 1;

	pr_info("%zu bytes: int %d uint %d u8 %d s8 %d s16 %d", count, kstrtoint_from_user(from, count, 0, &signed_number),
		kstrtouint_from_user(from, count, 10, &number), kstrtou8_from_user(from, count, 0, &byte),
		kstrtos8_from_user(from, count, 0, &signed_byte), kstrtos16_from_user(from, count, 16, &small));
	pr_cont(" ull %d ll %d bool %d\n", kstrtoull_from_user(from, count, 0, &wide), kstrtoll_from_user(from, count, 0, &signed_wide),
		kstrtobool_from_user(from, count, &truth));
	pr_info("  %d %u %u %d %d %llu %lld %d\n", signed_number, number, byte, signed_byte, small, wide, signed_wide, truth);
	return count;
}

static const struct proc_ops numbers_ops = {.proc_write = numbers_write};

static int __init numbers_from_user_init(void)
{
	int number = 1;

	pr_info("from NULL: %d, of no bytes: %d\n", kstrtoint_from_user(NULL, 3, 10, &number), kstrtoint_from_user(NULL, 0, 10, &number));
	return proc_create("numbers_from_user", 0222, NULL, &numbers_ops) ? 0 : -ENOMEM;
}

static void __exit numbers_from_user_exit(void)
{
	remove_proc_entry("numbers_from_user", NULL);
}

module_init(numbers_from_user_init);
module_exit(numbers_from_user_exit);
MODULE_LICENSE("Dual MIT/GPL");
