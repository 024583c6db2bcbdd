/*
 * Classes: devices of one kind, a directory in /sys/class. `class` is a keyword in C++, where the structure is kloom_class.
 */
#pragma once

#include <linux/compiler.h>
#include <linux/kdev_t.h>
#include <linux/kobject.h>
#include <linux/sysfs.h>
#include <linux/types.h>

#ifdef __cplusplus
#define KLOOM_CLASS kloom_class
#else
#define KLOOM_CLASS class
#endif

struct KLOOM_CLASS;
struct dev_pm_ops;
struct device;
struct device_type;
struct module;

struct KLOOM_CLASS {
	const char *name;
	struct module *owner;
	const struct attribute_group **class_groups;
	const struct attribute_group **dev_groups;
	struct kobject *dev_kobj;
	int (*dev_uevent)(struct device *dev, struct kobj_uevent_env *env);
	char *(*devnode)(struct device *dev, umode_t *mode);
	void (*class_release)(struct KLOOM_CLASS *cls);
	void (*dev_release)(struct device *dev);
	int (*shutdown_pre)(struct device *dev);
	const struct dev_pm_ops *pm;
	struct kset *kloom_set;
};

struct class_attribute {
	struct attribute attr;
	ssize_t (*show)(struct KLOOM_CLASS *cls, struct class_attribute *attr, char *buf);
	ssize_t (*store)(struct KLOOM_CLASS *cls, struct class_attribute *attr, const char *buf, size_t count);
};

#define CLASS_ATTR_RW(_name) struct class_attribute class_attr_##_name = __ATTR_RW(_name)
#define CLASS_ATTR_RO(_name) struct class_attribute class_attr_##_name = __ATTR_RO(_name)
#define CLASS_ATTR_WO(_name) struct class_attribute class_attr_##_name = __ATTR_WO(_name)

KLOOM_BEGIN_DECLS
extern struct KLOOM_CLASS *kloom_class_create(struct module *owner, const char *name);
extern int kloom_class_register(struct KLOOM_CLASS *cls);
/* Context: task, may sleep. */
extern void class_unregister(struct KLOOM_CLASS *cls);
extern void class_destroy(struct KLOOM_CLASS *cls);
extern int class_create_file(struct KLOOM_CLASS *cls, const struct class_attribute *attr);
extern void class_remove_file(struct KLOOM_CLASS *cls, const struct class_attribute *attr);
extern struct device *class_find_device_by_name(struct KLOOM_CLASS *cls, const char *name);
extern struct device *class_find_device_by_devt(struct KLOOM_CLASS *cls, dev_t devt);
extern int class_for_each_device(struct KLOOM_CLASS *cls, struct device *start, void *data,
				 int (*fn)(struct device *dev, void *data));
KLOOM_END_DECLS

/*
 * class_create(owner, name) until Linux 6.3, class_create(name) since; an ERR_PTR when it fails. Context: task, may sleep.
 */
#define class_create(...) __KLOOM_CLASS_CREATE(__VA_ARGS__, kloom_class_create, __kloom_class_create1, )(__VA_ARGS__)
#define __KLOOM_CLASS_CREATE(a, b, name, ...) name
#define __kloom_class_create1(name) kloom_class_create(THIS_MODULE, name)
#define __class_create(owner, name, key) kloom_class_create(owner, name)
#define class_register(cls) kloom_class_register(cls)
