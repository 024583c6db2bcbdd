// SPDX-License-Identifier: MIT
// conformance: kobjects: references and release, names and paths, ksets, renaming and moving, duplicates
// drive: insmod $MODULE; ls /sys/kernel/conformance; ls /sys/kernel/conformance/parent; rmmod $MODULE; ls /sys/kernel/conformance
#include <linux/kobject.h>
#include <linux/module.h>
#include <linux/slab.h>

static struct kset *set;
static struct kobject parent, child, other;

static void release(struct kobject *kobj)
{
	pr_info("release %s\n", kobject_name(kobj));
}

static struct kobj_type type = {.release = release, .sysfs_ops = &kobj_sysfs_ops};

static void show(const char *what, struct kobject *kobj)
{
	char *path = kobject_get_path(kobj, GFP_KERNEL);

	pr_info("%s: %s, path %s, references %u, in sysfs %d\n", what, kobject_name(kobj), path, kref_read(&kobj->kref),
		kobj->state_in_sysfs);
	kfree(path);
}

static int __init kobjects_init(void)
{
	struct kobject *found, *bare;

	set = kset_create_and_add("conformance", NULL, kernel_kobj);
	if (!set)
		return -ENOMEM;
	parent.kset = set;
	pr_info("parent %d\n", kobject_init_and_add(&parent, &type, NULL, "parent"));
	show("parent", &parent);
	kobject_init(&child, &type);
	pr_info("child %d\n", kobject_add(&child, &parent, "%s%d", "child", 1));
	show("child", &child);
	show("parent with a child", &parent);
	found = kset_find_obj(set, "parent");
	pr_info("found %d, unknown %d\n", found == &parent, kset_find_obj(set, "nothing") == NULL);
	kobject_put(found);
	pr_info("rename %d\n", kobject_rename(&child, "renamed"));
	show("renamed", &child);
	other.kset = set;
	pr_info("other %d\n", kobject_init_and_add(&other, &type, NULL, "other"));
	pr_info("move %d\n", kobject_move(&child, &other));
	show("moved", &child);
	bare = kobject_create_and_add("bare", &other);
	show("bare", bare);
	kobject_put(bare);
	kobject_get(&child);
	kobject_del(&child);
	pr_info("deleted: in sysfs %d, references %u\n", child.state_in_sysfs, kref_read(&child.kref));
	kobject_put(&child);
	kobject_put(&child);
	return 0;
}

static void __exit kobjects_exit(void)
{
	kobject_put(&other);
	kobject_put(&parent);
	kset_unregister(set);
}

module_init(kobjects_init);
module_exit(kobjects_exit);
MODULE_LICENSE("Dual MIT/GPL");
