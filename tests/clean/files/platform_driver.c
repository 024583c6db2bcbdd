// kloom: --user 'cat /sys/devices/platform/demo.0/state; echo 2 > /sys/devices/platform/demo.0/state' --user 'cat /sys/devices/platform/demo.0/state'
/* A platform device and its driver, with memory that the device owns and an attribute. */
#include <linux/device.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/platform_device.h>

struct demo {
	int state;
};

static struct platform_device *device;

static ssize_t state_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct demo *demo = dev_get_drvdata(dev);

	return sysfs_emit(buf, "%d\n", READ_ONCE(demo->state));
}

static ssize_t state_store(struct device *dev, struct device_attribute *attr, const char *buf, size_t count)
{
	struct demo *demo = dev_get_drvdata(dev);
	int value;

	if (kstrtoint(buf, 0, &value))
		return -EINVAL;
	WRITE_ONCE(demo->state, value);
	return count;
}
static DEVICE_ATTR_RW(state);

static int demo_probe(struct platform_device *pdev)
{
	struct demo *demo = devm_kzalloc(&pdev->dev, sizeof(*demo), GFP_KERNEL);

	if (!demo)
		return -ENOMEM;
	demo->state = 1;
	platform_set_drvdata(pdev, demo);
	dev_info(&pdev->dev, "probed\n");
	return device_create_file(&pdev->dev, &dev_attr_state);
}

static int demo_remove(struct platform_device *pdev)
{
	device_remove_file(&pdev->dev, &dev_attr_state);
	return 0;
}

static struct platform_driver driver = {
	.probe = demo_probe,
	.remove = demo_remove,
	.driver = { .name = "demo" },
};

static int __init demo_init(void)
{
	int error = platform_driver_register(&driver);

	if (error)
		return error;
	device = platform_device_register_simple("demo", 0, NULL, 0);
	if (IS_ERR(device)) {
		platform_driver_unregister(&driver);
		return PTR_ERR(device);
	}
	return 0;
}

static void __exit demo_exit(void)
{
	platform_device_unregister(device);
	platform_driver_unregister(&driver);
}

module_init(demo_init);
module_exit(demo_exit);
MODULE_LICENSE("GPL");
