/*
 * Platform devices: devices that nothing enumerates. A driver serves a device whose name is the driver's, or one in its id table.
 */
#pragma once

#include <linux/compiler.h>
#include <linux/device.h>
#include <linux/mod_devicetable.h>

#define PLATFORM_DEVID_NONE (-1)
#define PLATFORM_DEVID_AUTO (-2)

struct resource;

struct platform_device {
	const char *name;
	int id;
	bool id_auto;
	struct device dev;
	u64 platform_dma_mask;
	u32 num_resources;
	struct resource *resource;
	const struct platform_device_id *id_entry;
	const char *driver_override;
};

struct platform_driver {
	int (*probe)(struct platform_device *);
	int (*remove)(struct platform_device *);
	void (*remove_new)(struct platform_device *);
	void (*shutdown)(struct platform_device *);
	struct device_driver driver;
	const struct platform_device_id *id_table;
	bool prevent_deferred_probe;
};

#define to_platform_device(x) container_of((x), struct platform_device, dev)
#define to_platform_driver(drv) (container_of((drv), struct platform_driver, driver))
#define platform_get_device_id(pdev) ((pdev)->id_entry)

KLOOM_BEGIN_DECLS
extern struct bus_type platform_bus_type;
extern struct device platform_bus;

/* Context: task, may sleep. */
extern int platform_device_register(struct platform_device *pdev);
extern void platform_device_unregister(struct platform_device *pdev);
extern struct platform_device *platform_device_alloc(const char *name, int id);
extern int platform_device_add_resources(struct platform_device *pdev, const struct resource *res, unsigned int num);
extern int platform_device_add_data(struct platform_device *pdev, const void *data, size_t size);
extern int platform_device_add(struct platform_device *pdev);
extern void platform_device_del(struct platform_device *pdev);
extern void platform_device_put(struct platform_device *pdev);
extern struct platform_device *kloom_platform_device_register(const char *name, int id, const struct resource *res,
							      unsigned int num, const void *data, size_t size);
extern int __platform_driver_register(struct platform_driver *drv, struct module *owner);
extern void platform_driver_unregister(struct platform_driver *drv);
extern struct resource *platform_get_resource(struct platform_device *pdev, unsigned int type, unsigned int num);
extern struct resource *platform_get_resource_byname(struct platform_device *pdev, unsigned int type, const char *name);
extern int platform_get_irq(struct platform_device *pdev, unsigned int num);
extern int platform_get_irq_optional(struct platform_device *pdev, unsigned int num);
extern int platform_get_irq_byname(struct platform_device *pdev, const char *name);
KLOOM_END_DECLS

#define platform_driver_register(drv) __platform_driver_register(drv, THIS_MODULE)
#define module_platform_driver(__platform_driver) \
	module_driver(__platform_driver, platform_driver_register, platform_driver_unregister)
#define builtin_platform_driver(__platform_driver) module_platform_driver(__platform_driver)

static inline struct platform_device *platform_device_register_simple(const char *name, int id, const struct resource *res,
								      unsigned int num)
{
	return kloom_platform_device_register(name, id, res, num, NULL, 0);
}

static inline struct platform_device *platform_device_register_data(struct device *parent, const char *name, int id,
								    const void *data, size_t size)
{
	return kloom_platform_device_register(name, id, NULL, 0, data, size);
}

static inline void *platform_get_drvdata(const struct platform_device *pdev)
{
	return dev_get_drvdata(&pdev->dev);
}

static inline void platform_set_drvdata(struct platform_device *pdev, void *data)
{
	dev_set_drvdata(&pdev->dev, data);
}
