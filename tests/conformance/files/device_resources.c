// SPDX-License-Identifier: MIT
// conformance: a platform device and its driver: probe and remove, what devm_ functions give back and in which order, failing probes
// drive: insmod $MODULE; rmmod $MODULE
// drive: insmod $MODULE failing=-19; rmmod $MODULE
// drive: insmod $MODULE failing=-12; rmmod $MODULE
#include <linux/device.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

static int failing;
module_param(failing, int, 0444);
static struct platform_device *devices[2];

static void act(void *data)
{
	pr_info("action %s\n", (const char *)data);
}

static int conformance_probe(struct platform_device *device)
{
	char *memory = devm_kzalloc(&device->dev, 10, GFP_KERNEL);
	char *text = devm_kasprintf(&device->dev, GFP_KERNEL, "text %d", device->id);

	pr_info("probe %s, id %d, memory %d, [%s], data %d\n", dev_name(&device->dev), device->id, memory[0], text,
		*(int *)dev_get_platdata(&device->dev));
	platform_set_drvdata(device, text);
	if (devm_add_action(&device->dev, act, "first") || devm_add_action(&device->dev, act, "second") ||
	    devm_add_action_or_reset(&device->dev, act, "third"))
		return -ENOMEM;
	devm_remove_action(&device->dev, act, "second");
	if (device->id == 1)
		devm_release_action(&device->dev, act, "first");
	devm_kfree(&device->dev, memory);
	return failing;
}

static int conformance_remove(struct platform_device *device)
{
	pr_info("remove %s [%s]\n", dev_name(&device->dev), (char *)platform_get_drvdata(device));
	return 0;
}

static struct platform_driver driver = {
	.probe = conformance_probe,
	.remove = conformance_remove,
	.driver = {.name = "conformance"},
};

static int __init device_resources_init(void)
{
	int i, data = 7;

	for (i = 0; i < 2; i++) {
		devices[i] = platform_device_register_data(NULL, "conformance", i, &data, sizeof(data));
		if (IS_ERR(devices[i]))
			return PTR_ERR(devices[i]);
	}
	pr_info("driver %d\n", platform_driver_register(&driver));
	for (i = 0; i < 2; i++)
		pr_info("device %d bound %d\n", i, devices[i]->dev.driver == &driver.driver);
	return 0;
}

static void __exit device_resources_exit(void)
{
	platform_device_unregister(devices[0]);
	platform_driver_unregister(&driver);
	platform_device_unregister(devices[1]);
	pr_info("all gone\n");
}

module_init(device_resources_init);
module_exit(device_resources_exit);
MODULE_LICENSE("Dual MIT/GPL");
