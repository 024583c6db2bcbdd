/*
 * The device model: devices in a tree, with their class, bus and driver, their attributes in /sys and their node in /dev, and
 * resources that are released with them (devm_).
 */
#pragma once

#include <linux/atomic.h>
#include <linux/compiler.h>
#include <linux/dev_printk.h>
#include <linux/device/bus.h>
#include <linux/device/class.h>
#include <linux/device/driver.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/ioport.h>
#include <linux/kdev_t.h>
#include <linux/kobject.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/overflow.h>
#include <linux/ratelimit.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/sysfs.h>
#include <linux/types.h>
#include <linux/uidgid.h>

struct device;
struct device_node;
struct device_private;
struct fwnode_handle;

struct device_type {
	const char *name;
	const struct attribute_group **groups;
	int (*uevent)(struct device *dev, struct kobj_uevent_env *env);
	char *(*devnode)(struct device *dev, umode_t *mode, kuid_t *uid, kgid_t *gid);
	void (*release)(struct device *dev);
	const struct dev_pm_ops *pm;
};

struct device {
	struct kobject kobj;
	struct device *parent;
	struct device_private *p;
	const char *init_name;
	const struct device_type *type;
	struct bus_type *bus;
	struct device_driver *driver;
	void *platform_data;
	void *driver_data;
	struct mutex mutex;
	u64 *dma_mask;
	u64 coherent_dma_mask;
	struct device_node *of_node;
	struct fwnode_handle *fwnode;
	int numa_node;
	dev_t devt;
	u32 id;
	spinlock_t devres_lock;
	struct list_head devres_head;
#ifdef __cplusplus
	struct KLOOM_CLASS *class_;
#else
	struct class *class;
#endif
	const struct attribute_group **groups;
	void (*release)(struct device *dev);
	bool offline_disabled : 1;
	bool offline : 1;
	bool can_match : 1;
	bool kloom_is_registered : 1;
	struct list_head kloom_entry;
};

struct device_attribute {
	struct attribute attr;
	ssize_t (*show)(struct device *dev, struct device_attribute *attr, char *buf);
	ssize_t (*store)(struct device *dev, struct device_attribute *attr, const char *buf, size_t count);
};

struct dev_ext_attribute {
	struct device_attribute attr;
	void *var;
};

#define DEVICE_ATTR(_name, _mode, _show, _store) struct device_attribute dev_attr_##_name = __ATTR(_name, _mode, _show, _store)
#define DEVICE_ATTR_RW(_name) struct device_attribute dev_attr_##_name = __ATTR_RW(_name)
#define DEVICE_ATTR_RO(_name) struct device_attribute dev_attr_##_name = __ATTR_RO(_name)
#define DEVICE_ATTR_WO(_name) struct device_attribute dev_attr_##_name = __ATTR_WO(_name)
#define DEVICE_ATTR_ADMIN_RW(_name) struct device_attribute dev_attr_##_name = __ATTR_RW_MODE(_name, 0600)
#define DEVICE_ATTR_ADMIN_RO(_name) struct device_attribute dev_attr_##_name = __ATTR_RO_MODE(_name, 0400)
#define DEVICE_INT_ATTR(_name, _mode, _var) \
	struct dev_ext_attribute dev_attr_##_name = { __ATTR(_name, _mode, device_show_int, device_store_int), &(_var) }

static inline struct device *kobj_to_dev(struct kobject *kobj)
{
	return container_of(kobj, struct device, kobj);
}

static inline const char *dev_name(const struct device *dev)
{
	return dev->init_name ? dev->init_name : kobject_name(&dev->kobj);
}

static inline void *dev_get_drvdata(const struct device *dev)
{
	return dev->driver_data;
}

static inline void dev_set_drvdata(struct device *dev, void *data)
{
	dev->driver_data = data;
}

static inline void *dev_get_platdata(const struct device *dev)
{
	return dev->platform_data;
}

static inline int device_is_registered(struct device *dev)
{
	return dev->kobj.state_in_sysfs;
}

static inline int dev_to_node(struct device *dev)
{
	return dev->numa_node;
}

KLOOM_BEGIN_DECLS

/* Context: task, may sleep, unless said otherwise. */
extern void device_initialize(struct device *dev);
extern __printf(2, 3) int dev_set_name(struct device *dev, const char *name, ...);
extern int device_add(struct device *dev);
extern void device_del(struct device *dev);
extern int device_register(struct device *dev);
extern void device_unregister(struct device *dev);
extern struct device *get_device(struct device *dev);
extern void put_device(struct device *dev);
extern const char *dev_driver_string(const struct device *dev);

/*
 * A device of a class, allocated here and released by device_destroy(). With a device number it gets a node in /dev.
 * Return an ERR_PTR when they fail.
 */
extern __printf(5, 6) struct device *device_create(struct KLOOM_CLASS *cls, struct device *parent, dev_t devt, void *drvdata,
						   const char *fmt, ...);
extern __printf(6, 7) struct device *device_create_with_groups(struct KLOOM_CLASS *cls, struct device *parent, dev_t devt,
							       void *drvdata, const struct attribute_group **groups,
							       const char *fmt, ...);
extern void device_destroy(struct KLOOM_CLASS *cls, dev_t devt);

extern int device_create_file(struct device *device, const struct device_attribute *entry);
extern void device_remove_file(struct device *dev, const struct device_attribute *attr);
extern int device_create_bin_file(struct device *dev, const struct bin_attribute *attr);
extern void device_remove_bin_file(struct device *dev, const struct bin_attribute *attr);
extern int device_add_group(struct device *dev, const struct attribute_group *grp);
extern void device_remove_group(struct device *dev, const struct attribute_group *grp);
extern int device_add_groups(struct device *dev, const struct attribute_group **groups);
extern void device_remove_groups(struct device *dev, const struct attribute_group **groups);
extern ssize_t device_show_int(struct device *dev, struct device_attribute *attr, char *buf);
extern ssize_t device_store_int(struct device *dev, struct device_attribute *attr, const char *buf, size_t count);

extern int device_for_each_child(struct device *dev, void *data, int (*fn)(struct device *dev, void *data));
extern int device_attach(struct device *dev);
extern void device_release_driver(struct device *dev);

/* A device at the top of the tree, for those who have no better parent. */
extern struct device *root_device_register(const char *name);
extern void root_device_unregister(struct device *dev);

/*
 * Memory and actions that end with the device's driver, or with the device: last in, first out. Context: task, may sleep with
 * GFP_KERNEL.
 */
typedef void (*dr_release_t)(struct device *dev, void *res);
typedef int (*dr_match_t)(struct device *dev, void *res, void *match_data);
extern void *devres_alloc(dr_release_t release, size_t size, gfp_t gfp);
extern void devres_free(void *res);
extern void devres_add(struct device *dev, void *res);
extern void *devres_find(struct device *dev, dr_release_t release, dr_match_t match, void *match_data);
extern void *devres_remove(struct device *dev, dr_release_t release, dr_match_t match, void *match_data);
extern int devres_destroy(struct device *dev, dr_release_t release, dr_match_t match, void *match_data);
extern int devres_release(struct device *dev, dr_release_t release, dr_match_t match, void *match_data);
extern void *devm_kmalloc(struct device *dev, size_t size, gfp_t gfp);
extern void devm_kfree(struct device *dev, const void *p);
extern char *devm_kstrdup(struct device *dev, const char *s, gfp_t gfp);
extern void *devm_kmemdup(struct device *dev, const void *src, size_t len, gfp_t gfp);
extern __printf(3, 4) char *devm_kasprintf(struct device *dev, gfp_t gfp, const char *fmt, ...);
extern __printf(3, 0) char *devm_kvasprintf(struct device *dev, gfp_t gfp, const char *fmt, va_list ap);
extern int devm_add_action(struct device *dev, void (*action)(void *), void *data);
extern int devm_add_action_or_reset(struct device *dev, void (*action)(void *), void *data);
extern void devm_remove_action(struct device *dev, void (*action)(void *), void *data);
/* Runs the action now instead. */
extern void devm_release_action(struct device *dev, void (*action)(void *), void *data);
extern int devm_device_add_group(struct device *dev, const struct attribute_group *grp);
KLOOM_END_DECLS

static inline void *devm_kzalloc(struct device *dev, size_t size, gfp_t gfp)
{
	return devm_kmalloc(dev, size, gfp | __GFP_ZERO);
}

static inline void *devm_kmalloc_array(struct device *dev, size_t n, size_t size, gfp_t flags)
{
	size_t bytes;

	if (unlikely(check_mul_overflow(n, size, &bytes)))
		return NULL;
	return devm_kmalloc(dev, bytes, flags);
}

static inline void *devm_kcalloc(struct device *dev, size_t n, size_t size, gfp_t flags)
{
	return devm_kmalloc_array(dev, n, size, flags | __GFP_ZERO);
}

static inline void device_lock(struct device *dev)
{
	mutex_lock(&dev->mutex);
}

static inline int device_trylock(struct device *dev)
{
	return mutex_trylock(&dev->mutex);
}

static inline void device_unlock(struct device *dev)
{
	mutex_unlock(&dev->mutex);
}

