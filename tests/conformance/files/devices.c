// SPDX-License-Identifier: MIT
// conformance: a class and its devices: attributes, device nodes with devnode's mode, drvdata, removal
// drive: insmod $MODULE
// drive: ls /sys/class/conformance
// drive: cat /sys/class/conformance/first/value /sys/class/conformance/first/number; echo 9 > /sys/class/conformance/first/number
// drive: cat /sys/class/conformance/second/number /sys/class/conformance/second/dev /sys/class/conformance/shared
// drive: echo x > /sys/class/conformance/first/number; echo 1 > /sys/class/conformance/first/value; ls /dev/conformance_first /dev/second
// drive: rmmod $MODULE; ls /sys/class/conformance; ls /dev/second
#include <linux/device.h>
#include <linux/err.h>
#include <linux/kdev_t.h>
#include <linux/module.h>

static dev_t base = MKDEV(240, 0);
static struct class *class;
static int numbers[2] = {5, 6};

static ssize_t value_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%s of %s\n", attr->attr.name, dev_name(dev));
}
static DEVICE_ATTR_RO(value);

static ssize_t number_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", *(int *)dev_get_drvdata(dev));
}

static ssize_t number_store(struct device *dev, struct device_attribute *attr, const char *buf, size_t count)
{
	int error = kstrtoint(buf, 0, dev_get_drvdata(dev));

	pr_info("%s: store %d\n", dev_name(dev), error);
	return error ?: count;
}
static DEVICE_ATTR_RW(number);
static struct attribute *device_attrs[] = {&dev_attr_value.attr, &dev_attr_number.attr, NULL};
ATTRIBUTE_GROUPS(device);

static ssize_t shared_show(struct class *shown, struct class_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "shared by %s\n", shown->name);
}
static CLASS_ATTR_RO(shared);

static char *devnode(struct device *dev, umode_t *mode)
{
	if (MINOR(dev->devt) != 0)
		return NULL;
	if (mode)
		*mode = 0666;
	return kasprintf(GFP_KERNEL, "conformance_%s", dev_name(dev));
}

static int __init devices_init(void)
{
	struct device *first, *second, *again;

	class = class_create(THIS_MODULE, "conformance");
	if (IS_ERR(class))
		return PTR_ERR(class);
	class->devnode = devnode;
	pr_info("class file %d\n", class_create_file(class, &class_attr_shared));
	first = device_create_with_groups(class, NULL, base, &numbers[0], device_groups, "first");
	second = device_create_with_groups(class, NULL, base + 1, &numbers[1], device_groups, "%s", "second");
	pr_info("%s %s, of the class %d, drvdata %d\n", dev_name(first), dev_name(second), second->class == class,
		*(int *)dev_get_drvdata(second));
	again = class_find_device_by_name(class, "second");
	pr_info("found %d, by number %d, unknown %d\n", again == second, class_find_device_by_devt(class, base) == first,
		class_find_device_by_name(class, "third") == NULL);
	put_device(again);
	put_device(first);
	return 0;
}

static void __exit devices_exit(void)
{
	device_destroy(class, base);
	device_destroy(class, base + 1);
	device_destroy(class, base + 2);
	class_remove_file(class, &class_attr_shared);
	class_destroy(class);
	pr_info("numbers %d %d\n", numbers[0], numbers[1]);
}

module_init(devices_init);
module_exit(devices_exit);
MODULE_LICENSE("Dual MIT/GPL");
