/*
 * Names of files: a dentry ties a name in a directory to an inode. Modules meet dentries as the handles of debugfs and behind
 * struct file, so only what those need is here.
 */
#pragma once

#include <linux/compiler.h>
#include <linux/spinlock.h>
#include <linux/types.h>

struct inode;
struct super_block;
struct dentry_operations;
struct path;

struct qstr {
	union {
		struct {
			u32 hash;
			u32 len;
		};
		u64 hash_len;
	};
	const unsigned char *name;
};

#define DNAME_INLINE_LEN 40

struct dentry {
	unsigned int d_flags;
	struct dentry *d_parent;
	struct qstr d_name;
	struct inode *d_inode;
	unsigned char d_iname[DNAME_INLINE_LEN];
	spinlock_t d_lock;
	const struct dentry_operations *d_op;
	struct super_block *d_sb;
	void *d_fsdata;
};

static inline struct inode *d_inode(const struct dentry *dentry)
{
	return dentry->d_inode;
}

static inline struct inode *d_backing_inode(const struct dentry *upper)
{
	return upper->d_inode;
}

static inline bool d_really_is_positive(const struct dentry *dentry)
{
	return dentry->d_inode != NULL;
}

static inline bool d_really_is_negative(const struct dentry *dentry)
{
	return dentry->d_inode == NULL;
}

KLOOM_BEGIN_DECLS
/* The name from the root, written at the end of `buf`: the result points into it, or is ERR_PTR(-ENAMETOOLONG). Context: any. */
extern char *d_path(const struct path *path, char *buf, int buflen);
extern char *dentry_path_raw(const struct dentry *dentry, char *buf, int buflen);
KLOOM_END_DECLS
