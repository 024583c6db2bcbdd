/*
 * Buses: where devices and drivers meet. A bus says which driver fits a device; the core then calls probe().
 */
#pragma once

#include <linux/compiler.h>
#include <linux/kobject.h>
#include <linux/sysfs.h>

struct bus_type;
struct dev_pm_ops;
struct device;
struct device_driver;

struct bus_type {
	const char *name;
	const char *dev_name;
	struct device *dev_root;
	const struct attribute_group **bus_groups;
	const struct attribute_group **dev_groups;
	const struct attribute_group **drv_groups;
	int (*match)(struct device *dev, struct device_driver *drv);
	int (*uevent)(struct device *dev, struct kobj_uevent_env *env);
	int (*probe)(struct device *dev);
	void (*sync_state)(struct device *dev);
	void (*remove)(struct device *dev);
	void (*shutdown)(struct device *dev);
	const struct dev_pm_ops *pm;
	struct kset *kloom_set;
};

struct bus_attribute {
	struct attribute attr;
	ssize_t (*show)(struct bus_type *bus, char *buf);
	ssize_t (*store)(struct bus_type *bus, const char *buf, size_t count);
};

#define BUS_ATTR_RW(_name) struct bus_attribute bus_attr_##_name = __ATTR_RW(_name)
#define BUS_ATTR_RO(_name) struct bus_attribute bus_attr_##_name = __ATTR_RO(_name)
#define BUS_ATTR_WO(_name) struct bus_attribute bus_attr_##_name = __ATTR_WO(_name)

KLOOM_BEGIN_DECLS
/* Context: task, may sleep. */
extern int bus_register(struct bus_type *bus);
extern void bus_unregister(struct bus_type *bus);
extern int bus_create_file(struct bus_type *bus, struct bus_attribute *attr);
extern void bus_remove_file(struct bus_type *bus, struct bus_attribute *attr);
extern int bus_for_each_dev(struct bus_type *bus, struct device *start, void *data, int (*fn)(struct device *dev, void *data));
KLOOM_END_DECLS
