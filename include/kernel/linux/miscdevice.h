/*
 * Miscellaneous character devices: one minor number each of major 10, with the node in /dev made at registration.
 */
#pragma once

#include <linux/compiler.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/list.h>
#include <linux/major.h>
#include <linux/types.h>

#define WATCHDOG_MINOR 130
#define RTC_MINOR 135
#define HWRNG_MINOR 183
#define MISC_DYNAMIC_MINOR 255

struct miscdevice {
	int minor;
	const char *name;
	const struct file_operations *fops;
	struct list_head list;
	struct device *parent;
	struct device *this_device;
	const struct attribute_group **groups;
	const char *nodename;
	umode_t mode;
};

KLOOM_BEGIN_DECLS
/* Context: task, may sleep. With MISC_DYNAMIC_MINOR the minor number is chosen and stored in `misc`. */
extern int misc_register(struct miscdevice *misc);
extern void misc_deregister(struct miscdevice *misc);
KLOOM_END_DECLS

#define builtin_misc_device(__misc_device) module_misc_device(__misc_device)
#define module_misc_device(__misc_device) module_driver(__misc_device, misc_register, misc_deregister)
