// SPDX-License-Identifier: MIT
// conformance: sysfs attributes: show and store, their sizes, errors, offsets, permissions, and sysfs_emit() beyond a page
// drive: A=/sys/kernel/attributes
// drive: insmod $MODULE; ls $A
// drive: poll -t 0 $A/value; poll -w -t 0 $A/value
// drive: cat $A/value; echo 12 > $A/value; cat $A/value; echo x > $A/value; printf 13 > $A/value; cat $A/value
// drive: cat $A/fails; echo 1 > $A/fails; cat $A/full | wc -c; cat $A/emitted | wc -c; cat $A/partial
// drive: echo 1 > $A/partial; echo 1 > $A/full; cat $A/write_only; echo 1 > $A/write_only
// drive: head -c 5000 /dev/zero > $A/write_only
// drive: dd if=$A/text bs=1 skip=3 count=2 2>/dev/null; echo; dd if=$A/text bs=4 2>/dev/null
// drive: rmmod $MODULE; ls $A
#include <linux/kobject.h>
#include <linux/module.h>
#include <linux/string.h>
#include <linux/sysfs.h>

static struct kobject *folder;
static int value = 5;

static ssize_t value_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	pr_info("show %s of %s\n", attr->attr.name, kobj->name);
	return sysfs_emit(buf, "%d\n", value);
}

static ssize_t value_store(struct kobject *kobj, struct kobj_attribute *attr, const char *buf, size_t count)
{
	int error = kstrtoint(buf, 10, &value);

	pr_info("store %zu bytes in %s: %d, zero at the end %d\n", count, attr->attr.name, error, buf[count] == '\0');
	return error ?: count;
}
static struct kobj_attribute value_attr = __ATTR_RW(value);

static ssize_t fails_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return -ENODATA;
}

static ssize_t fails_store(struct kobject *kobj, struct kobj_attribute *attr, const char *buf, size_t count)
{
	return -EDOM;
}
static struct kobj_attribute fails_attr = __ATTR_RW(fails);

static ssize_t full_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	memset(buf, 'f', PAGE_SIZE - 1);
	return PAGE_SIZE - 1;
}
static struct kobj_attribute full_attr = __ATTR_RO(full);

static ssize_t emitted_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	int count = sysfs_emit(buf, "%*d", 5000, 1);

	count += sysfs_emit_at(buf, count, "more");
	pr_info("emitted %d\n", count);
	return count;
}
static struct kobj_attribute emitted_attr = __ATTR_RO(emitted);

static ssize_t partial_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	strcpy(buf, "never shown");
	return 0;
}

static ssize_t partial_store(struct kobject *kobj, struct kobj_attribute *attr, const char *buf, size_t count)
{
	pr_info("partial store of %zu\n", count);
	return 1;
}
static struct kobj_attribute partial_attr = __ATTR_RW(partial);

static ssize_t write_only_store(struct kobject *kobj, struct kobj_attribute *attr, const char *buf, size_t count)
{
	pr_info("write only: %zu bytes\n", count);
	return count;
}
static struct kobj_attribute write_only_attr = __ATTR_WO(write_only);

static ssize_t text_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	pr_info("show text\n");
	return sysfs_emit(buf, "0123456789\n");
}
static struct kobj_attribute text_attr = __ATTR_RO(text);

static struct attribute *attributes[] = {&value_attr.attr,   &fails_attr.attr,	    &full_attr.attr, &emitted_attr.attr,
					 &partial_attr.attr, &write_only_attr.attr, &text_attr.attr, NULL};
static const struct attribute_group group = {.attrs = attributes};

static int __init attributes_init(void)
{
	folder = kobject_create_and_add("attributes", kernel_kobj);
	return folder ? sysfs_create_group(folder, &group) : -ENOMEM;
}

static void __exit attributes_exit(void)
{
	kobject_put(folder);
	pr_info("value %d\n", value);
}

module_init(attributes_init);
module_exit(attributes_exit);
MODULE_LICENSE("Dual MIT/GPL");
