// kloom: --user 'cat /sys/kernel/demo/value; echo 7 > /sys/kernel/demo/value; cat /sys/kernel/demo/group/half' --user 'cat /sys/kernel/demo/value'
/* A kobject with attributes and a group. */
#include <linux/kobject.h>
#include <linux/module.h>
#include <linux/sysfs.h>

static struct kobject *demo;
static int value = 4;

static ssize_t value_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", READ_ONCE(value));
}

static ssize_t value_store(struct kobject *kobj, struct kobj_attribute *attr, const char *buf, size_t count)
{
	int number;
	int error = kstrtoint(buf, 10, &number);

	if (error)
		return error;
	WRITE_ONCE(value, number);
	return count;
}

static ssize_t half_show(struct kobject *kobj, struct kobj_attribute *attr, char *buf)
{
	return sprintf(buf, "%d\n", READ_ONCE(value) / 2);
}

static struct kobj_attribute value_attribute = __ATTR_RW(value);
static struct kobj_attribute half_attribute = __ATTR_RO(half);

static struct attribute *group_attributes[] = { &half_attribute.attr, NULL };
static const struct attribute_group group = { .name = "group", .attrs = group_attributes };

static int __init demo_init(void)
{
	int error;

	demo = kobject_create_and_add("demo", kernel_kobj);
	if (!demo)
		return -ENOMEM;
	error = sysfs_create_file(demo, &value_attribute.attr);
	if (!error)
		error = sysfs_create_group(demo, &group);
	if (error)
		kobject_put(demo);
	return error;
}

static void __exit demo_exit(void)
{
	kobject_put(demo);
}

module_init(demo_init);
module_exit(demo_exit);
MODULE_LICENSE("GPL");
