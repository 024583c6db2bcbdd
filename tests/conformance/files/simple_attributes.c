// SPDX-License-Identifier: MIT
// conformance: files of one number (DEFINE_SIMPLE_ATTRIBUTE): when get and set are called, formats, signs, errors, small reads
// drive: D=/sys/kernel/debug/simple
// drive: insmod $MODULE
// drive: for name in plain signed hexadecimal failing; do cat $D/$name; done
// drive: for text in 7 -7 0x1f x '' 99999999999999999999999999; do
// drive:     for name in plain signed; do echo "$text" > $D/$name; done
// drive: done
// drive: echo 1 > $D/failing; echo 1 > $D/read_only; cat $D/write_only; echo 5 > $D/write_only
// drive: echo "$(dd if=$D/plain bs=1 count=3 2>/dev/null)"
// drive: printf '1234567890123456789012345678' > $D/plain
// drive: rmmod $MODULE
#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/module.h>

static struct dentry *directory;
static u64 value = 5;

static int get(void *data, u64 *result)
{
	pr_info("get %s\n", (char *)data);
	*result = value;
	return 0;
}

static int set(void *data, u64 given)
{
	pr_info("set %s to %llu\n", (char *)data, given);
	value = given;
	return 0;
}

static int fail_get(void *data, u64 *result)
{
	return -ENODATA;
}

static int fail_set(void *data, u64 given)
{
	return -EDOM;
}

DEFINE_SIMPLE_ATTRIBUTE(plain_ops, get, set, "%llu\n");
DEFINE_SIMPLE_ATTRIBUTE(hexadecimal_ops, get, set, "0x%08llx\n");
DEFINE_SIMPLE_ATTRIBUTE(failing_ops, fail_get, fail_set, "%llu\n");
DEFINE_SIMPLE_ATTRIBUTE(read_only_ops, get, NULL, "%llu\n");
DEFINE_SIMPLE_ATTRIBUTE(write_only_ops, NULL, set, "%llu\n");
DEFINE_DEBUGFS_ATTRIBUTE_SIGNED(signed_ops, get, set, "%lld\n");

static int __init simple_attributes_init(void)
{
	directory = debugfs_create_dir("simple", NULL);
	debugfs_create_file("plain", 0644, directory, "plain", &plain_ops);
	debugfs_create_file("signed", 0644, directory, "signed", &signed_ops);
	debugfs_create_file("hexadecimal", 0644, directory, "hexadecimal", &hexadecimal_ops);
	debugfs_create_file("failing", 0644, directory, "failing", &failing_ops);
	debugfs_create_file("read_only", 0644, directory, "read_only", &read_only_ops);
	debugfs_create_file("write_only", 0644, directory, "write_only", &write_only_ops);
	return 0;
}

static void __exit simple_attributes_exit(void)
{
	debugfs_remove(directory);
}

module_init(simple_attributes_init);
module_exit(simple_attributes_exit);
MODULE_LICENSE("Dual MIT/GPL");
