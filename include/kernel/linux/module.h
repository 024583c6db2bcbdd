/*
 * What makes a source file a module: its first and last function, its description, and struct
 * module, of which every module has one. The loader finds the functions by the names
 * kloom_module_init and kloom_module_exit.
 */
#pragma once

#include <linux/compiler.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/moduleparam.h>
#include <linux/printk.h>
#include <linux/stat.h>
#include <linux/string.h>
#include <linux/stringify.h>
#include <linux/types.h>
#include <linux/utsname.h>
#include <linux/version.h>

#define MODULE_NAME_LEN MAX_PARAM_PREFIX_LEN

enum module_state {
	MODULE_STATE_LIVE,
	MODULE_STATE_COMING,
	MODULE_STATE_GOING,
	MODULE_STATE_UNFORMED
};

struct module {
	enum module_state state;
	struct list_head list;
	char name[56];
	const char *version;
	const char *srcversion;
	unsigned int num_kp;
	unsigned int taints;
	atomic_t refcnt;
	unsigned int num_syms;
};

#if !defined(KLOOM_IMPLEMENTATION) && defined(KBUILD_MODNAME)
/* One for all files of a module: the linker keeps the first. */
KLOOM_BEGIN_DECLS
struct module __this_module __weak = {
	MODULE_STATE_LIVE, {NULL, NULL}, KBUILD_MODNAME, NULL, NULL, 0, 0, ATOMIC_INIT(0), 0};
KLOOM_END_DECLS
#endif

#define MODULE_INFO(tag, info)		 __MODULE_INFO(tag, tag, info)
#define MODULE_LICENSE(_license)	 MODULE_INFO(license, _license)
#define MODULE_AUTHOR(_author)		 MODULE_INFO(author, _author)
#define MODULE_DESCRIPTION(_description) MODULE_INFO(description, _description)
#define MODULE_VERSION(_version)	 MODULE_INFO(version, _version)
#define MODULE_ALIAS(_alias)		 MODULE_INFO(alias, _alias)
#define MODULE_SOFTDEP(_softdep)	 MODULE_INFO(softdep, _softdep)
#define MODULE_FIRMWARE(_firmware)	 MODULE_INFO(firmware, _firmware)
#define MODULE_IMPORT_NS(ns)		 MODULE_INFO(import_ns, #ns)
#define MODULE_SUPPORTED_DEVICE(_device) MODULE_INFO(supported_device, _device)
#define MODULE_DEVICE_TABLE(type, name)	 __MODULE_INFO(device_table, name, #type ":" #name)
#define MODULE_ALIAS_CHARDEV(major, minor)                                                         \
	MODULE_ALIAS("char-major-" __stringify(major) "-" __stringify(minor))
#define MODULE_ALIAS_CHARDEV_MAJOR(major) MODULE_ALIAS("char-major-" __stringify(major) "-*")
#define MODULE_ALIAS_MISCDEV(minor)	  MODULE_ALIAS("char-major-10-" __stringify(minor))

#define module_init(initfn)                                                                        \
	KLOOM_BEGIN_DECLS                                                                          \
	extern int (*const kloom_module_init)(void);                                               \
	int (*const kloom_module_init)(void) = initfn;                                             \
	KLOOM_END_DECLS
#define module_exit(exitfn)                                                                        \
	KLOOM_BEGIN_DECLS                                                                          \
	extern void (*const kloom_module_exit)(void);                                              \
	void (*const kloom_module_exit)(void) = exitfn;                                            \
	KLOOM_END_DECLS

#define early_initcall(fn)    module_init(fn)
#define core_initcall(fn)     module_init(fn)
#define postcore_initcall(fn) module_init(fn)
#define arch_initcall(fn)     module_init(fn)
#define subsys_initcall(fn)   module_init(fn)
#define fs_initcall(fn)	      module_init(fn)
#define device_initcall(fn)   module_init(fn)
#define late_initcall(fn)     module_init(fn)

/* A module whose first and last function are only the registration of a driver. */
#define module_driver(__driver, __register, __unregister, ...)                                     \
	static int __init __driver##_init(void)                                                    \
	{                                                                                          \
		return __register(&(__driver), ##__VA_ARGS__);                                     \
	}                                                                                          \
	module_init(__driver##_init);                                                              \
	static void __exit __driver##_exit(void)                                                   \
	{                                                                                          \
		__unregister(&(__driver), ##__VA_ARGS__);                                          \
	}                                                                                          \
	module_exit(__driver##_exit)

KLOOM_BEGIN_DECLS
/*
 * References that keep a module loaded; try_module_get() fails once unloading has begun. NULL, the
 * kernel itself, is always there. Context: any.
 */
extern bool try_module_get(struct module *module);
extern void __module_get(struct module *module);
extern void module_put(struct module *module);
extern int module_refcount(struct module *module);
KLOOM_END_DECLS

static inline bool module_is_live(struct module *mod)
{
	return mod->state != MODULE_STATE_GOING;
}

static inline const char *module_name(struct module *mod)
{
	return mod ? mod->name : "kernel";
}

/* What linux/module.h brings along in Linux on x86, by its own includes; modules rely on it. */
#include <linux/completion.h>
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/jiffies.h>
#include <linux/kmod.h>
#include <linux/kobject.h>
#include <linux/mutex.h>
#include <linux/nodemask.h>
#include <linux/percpu.h>
#include <linux/rbtree.h>
#include <linux/rcupdate.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/seqlock.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/sysfs.h>
#include <linux/threads.h>
#include <linux/timer.h>
#include <linux/uaccess.h>
#include <linux/uidgid.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
