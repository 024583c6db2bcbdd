/*
 * kobjects: named, counted objects in a hierarchy that /sys shows. The last kobject_put() calls the release function of its type.
 */
#pragma once

#include <linux/atomic.h>
#include <linux/compiler.h>
#include <linux/kernel.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/sysfs.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

struct kernfs_node;
struct kobj_type;
struct kset;

enum kobject_action { KOBJ_ADD, KOBJ_REMOVE, KOBJ_CHANGE, KOBJ_MOVE, KOBJ_ONLINE, KOBJ_OFFLINE, KOBJ_BIND, KOBJ_UNBIND };

struct kobject {
	const char *name;
	struct list_head entry;
	struct kobject *parent;
	struct kset *kset;
	const struct kobj_type *ktype;
	struct kernfs_node *sd;
	struct kref kref;
	unsigned int state_initialized : 1;
	unsigned int state_in_sysfs : 1;
	unsigned int state_add_uevent_sent : 1;
	unsigned int state_remove_uevent_sent : 1;
	unsigned int uevent_suppress : 1;
};

struct kobj_type {
	void (*release)(struct kobject *kobj);
	const struct sysfs_ops *sysfs_ops;
	struct attribute **default_attrs; /* until Linux 5.17 */
	const struct attribute_group **default_groups;
	void (*get_ownership)(struct kobject *kobj, kuid_t *uid, kgid_t *gid);
};

#define UEVENT_NUM_ENVP 64
#define UEVENT_BUFFER_SIZE 2048

/* The environment of an event for user space. */
struct kobj_uevent_env {
	char *argv[3];
	char *envp[UEVENT_NUM_ENVP];
	int envp_idx;
	char buf[UEVENT_BUFFER_SIZE];
	int buflen;
};

struct kset_uevent_ops {
	int (*const filter)(struct kobject *kobj);
	const char *(*const name)(struct kobject *kobj);
	int (*const uevent)(struct kobject *kobj, struct kobj_uevent_env *env);
};

struct kset {
	struct list_head list;
	spinlock_t list_lock;
	struct kobject kobj;
	const struct kset_uevent_ops *uevent_ops;
};

struct kobj_attribute {
	struct attribute attr;
	ssize_t (*show)(struct kobject *kobj, struct kobj_attribute *attr, char *buf);
	ssize_t (*store)(struct kobject *kobj, struct kobj_attribute *attr, const char *buf, size_t count);
};

KLOOM_BEGIN_DECLS
extern const struct sysfs_ops kobj_sysfs_ops;
extern struct kobject *kernel_kobj;
extern struct kobject *mm_kobj;
extern struct kobject *fs_kobj;
extern struct kobject *power_kobj;
extern struct kobject *firmware_kobj;
extern struct kobject *hypervisor_kobj;

/* Context: task, may sleep. kobject_get() and kobject_put(): the latter sleeps when it drops the last reference. */
extern void kobject_init(struct kobject *kobj, const struct kobj_type *ktype);
extern __printf(2, 3) int kobject_set_name(struct kobject *kobj, const char *name, ...);
extern __printf(2, 0) int kobject_set_name_vargs(struct kobject *kobj, const char *fmt, va_list vargs);
extern __printf(3, 4) int kobject_add(struct kobject *kobj, struct kobject *parent, const char *fmt, ...);
extern __printf(4, 5) int kobject_init_and_add(struct kobject *kobj, const struct kobj_type *ktype, struct kobject *parent,
					      const char *fmt, ...);
extern void kobject_del(struct kobject *kobj);
extern struct kobject *kobject_create(void);
extern struct kobject *kobject_create_and_add(const char *name, struct kobject *parent);
extern int kobject_rename(struct kobject *kobj, const char *new_name);
/* With everything below it; without a new parent into its kset. Context: task, may sleep. */
extern int kobject_move(struct kobject *kobj, struct kobject *new_parent);
extern struct kobject *kobject_get(struct kobject *kobj);
extern struct kobject *kobject_get_unless_zero(struct kobject *kobj);
extern void kobject_put(struct kobject *kobj);
extern char *kobject_get_path(const struct kobject *kobj, gfp_t flag);

extern void kset_init(struct kset *kset);
extern int kset_register(struct kset *kset);
extern void kset_unregister(struct kset *kset);
extern struct kset *kset_create_and_add(const char *name, const struct kset_uevent_ops *u, struct kobject *parent_kobj);
extern struct kobject *kset_find_obj(struct kset *kset, const char *name);

/*
 * Tell user space. Nobody listens on this machine, so only the uevent function of the kset is called.
 * Context: task, may sleep.
 */
extern int kobject_uevent(struct kobject *kobj, enum kobject_action action);
extern int kobject_uevent_env(struct kobject *kobj, enum kobject_action action, char *envp[]);
extern __printf(2, 3) int add_uevent_var(struct kobj_uevent_env *env, const char *format, ...);
KLOOM_END_DECLS

static inline const char *kobject_name(const struct kobject *kobj)
{
	return kobj->name;
}

static inline struct kset *to_kset(struct kobject *kobj)
{
	return kobj ? container_of(kobj, struct kset, kobj) : NULL;
}

static inline struct kset *kset_get(struct kset *k)
{
	return k ? to_kset(kobject_get(&k->kobj)) : NULL;
}

static inline void kset_put(struct kset *k)
{
	kobject_put(&k->kobj);
}

static inline const struct kobj_type *get_ktype(struct kobject *kobj)
{
	return kobj->ktype;
}
