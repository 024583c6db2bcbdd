/*
 * A place in the tree of files. There is one tree, so `mnt` is always NULL.
 */
#pragma once

#include <linux/compiler.h>

struct dentry;
struct vfsmount;

struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
};
