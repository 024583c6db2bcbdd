// SPDX-License-Identifier: MIT
// conformance: binary sysfs attributes: what of a read or write reaches the module at each edge of their size, and beyond a page
// drive: A=/sys/kernel/binary
// drive: insmod $MODULE
// drive: dd if=$A/sized bs=8 2>/dev/null | wc -c; dd if=$A/sized bs=100 2>/dev/null | wc -c
// drive: dd if=$A/sized bs=1 skip=19 count=5 2>/dev/null | wc -c; dd if=$A/sized bs=1 skip=20 count=5 2>/dev/null | wc -c
// drive: dd if=$A/unsized bs=3000 count=2 2>/dev/null | wc -c; dd if=$A/unsized bs=9000 count=1 2>/dev/null | wc -c
// drive: printf 0123456789 | dd of=$A/sized bs=4 2>/dev/null; echo $?
// drive: printf 0123456789 | dd of=$A/sized bs=10 seek=1 2>/dev/null; echo $?
// drive: printf 0123456789 | dd of=$A/sized bs=10 seek=2 2>/dev/null; echo $?
// drive: printf abcdef | dd of=$A/sized bs=3 seek=6 2>/dev/null; echo $?
// drive: cat $A/write_only; echo x > $A/read_only; cat $A/read_only
// drive: rmmod $MODULE
#include <linux/kobject.h>
#include <linux/module.h>
#include <linux/string.h>
#include <linux/sysfs.h>

static struct kobject *folder;

static ssize_t binary_read(struct file *file, struct kobject *kobj, struct bin_attribute *attr, char *buf, loff_t offset,
			   size_t count)
{
	pr_info("read %zu of %s at %lld\n", count, attr->attr.name, offset);
	if (offset > 5000)
		return 0;
	memset(buf, 'b', count);
	return count;
}

static ssize_t binary_write(struct file *file, struct kobject *kobj, struct bin_attribute *attr, char *buf, loff_t offset,
			    size_t count)
{
	pr_info("write %zu to %s at %lld [%.*s]\n", count, attr->attr.name, offset, (int)count, buf);
	return count;
}

static BIN_ATTR(sized, 0644, binary_read, binary_write, 20);
static BIN_ATTR(unsized, 0644, binary_read, binary_write, 0);
static BIN_ATTR(write_only, 0644, NULL, binary_write, 8);
static BIN_ATTR(read_only, 0444, binary_read, NULL, 8);
static struct bin_attribute *attributes[] = {&bin_attr_sized, &bin_attr_unsized, &bin_attr_write_only, &bin_attr_read_only, NULL};
static const struct attribute_group group = {.bin_attrs = attributes};

static int __init binary_attributes_init(void)
{
	folder = kobject_create_and_add("binary", kernel_kobj);
	return folder ? sysfs_create_group(folder, &group) : -ENOMEM;
}

static void __exit binary_attributes_exit(void)
{
	kobject_put(folder);
}

module_init(binary_attributes_init);
module_exit(binary_attributes_exit);
MODULE_LICENSE("Dual MIT/GPL");
