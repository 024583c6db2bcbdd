/*
 * Character devices: which operations serve which device numbers.
 */
#pragma once

#include <linux/compiler.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/kdev_t.h>
#include <linux/kobject.h>
#include <linux/list.h>

struct cdev {
	struct kobject kobj;
	struct module *owner;
	const struct file_operations *ops;
	struct list_head list;
	dev_t dev;
	unsigned int count;
};

KLOOM_BEGIN_DECLS
/* Context: task. cdev_alloc() may sleep and returns NULL when memory is short; cdev_del() frees what it allocated. */
extern void cdev_init(struct cdev *cdev, const struct file_operations *fops);
extern struct cdev *cdev_alloc(void);
extern void cdev_put(struct cdev *p);
extern int cdev_add(struct cdev *p, dev_t dev, unsigned int count);
extern void cdev_set_parent(struct cdev *p, struct kobject *kobj);
extern int cdev_device_add(struct cdev *cdev, struct device *dev);
extern void cdev_device_del(struct cdev *cdev, struct device *dev);
extern void cdev_del(struct cdev *p);
KLOOM_END_DECLS
