/*
 * debugfs: files for debugging under /sys/kernel/debug.
 */
#pragma once

#include <linux/atomic.h>
#include <linux/compiler.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/seq_file.h>
#include <linux/types.h>

struct debugfs_blob_wrapper {
	void *data;
	unsigned long size;
};

struct debugfs_reg32 {
	char *name;
	unsigned long offset;
};

struct debugfs_u32_array {
	u32 *array;
	u32 n_elements;
};

KLOOM_BEGIN_DECLS
/*
 * Entries are created in `parent`, NULL being the root. A failure gives an ERR_PTR, which may be passed on as a parent.
 * Removing an entry removes what is below it and waits for calls that are under way. Context: task, may sleep.
 */
extern struct dentry *debugfs_create_file(const char *name, umode_t mode, struct dentry *parent, void *data,
					  const struct file_operations *fops);
extern struct dentry *debugfs_create_file_unsafe(const char *name, umode_t mode, struct dentry *parent, void *data,
						 const struct file_operations *fops);
extern void debugfs_create_file_size(const char *name, umode_t mode, struct dentry *parent, void *data,
				     const struct file_operations *fops, loff_t file_size);
extern struct dentry *debugfs_create_dir(const char *name, struct dentry *parent);
extern struct dentry *debugfs_create_symlink(const char *name, struct dentry *parent, const char *dest);
extern struct dentry *debugfs_lookup(const char *name, struct dentry *parent);
extern struct dentry *debugfs_rename(struct dentry *old_dir, struct dentry *old_dentry, struct dentry *new_dir,
				     const char *new_name);
extern void debugfs_remove(struct dentry *dentry);
extern void debugfs_lookup_and_remove(const char *name, struct dentry *parent);

/* Files that show and change one variable of the module. The result was used before Linux 5.x only. */
extern struct dentry *debugfs_create_u8(const char *name, umode_t mode, struct dentry *parent, u8 *value);
extern struct dentry *debugfs_create_u16(const char *name, umode_t mode, struct dentry *parent, u16 *value);
extern struct dentry *debugfs_create_u32(const char *name, umode_t mode, struct dentry *parent, u32 *value);
extern struct dentry *debugfs_create_u64(const char *name, umode_t mode, struct dentry *parent, u64 *value);
extern struct dentry *debugfs_create_ulong(const char *name, umode_t mode, struct dentry *parent, unsigned long *value);
extern struct dentry *debugfs_create_x8(const char *name, umode_t mode, struct dentry *parent, u8 *value);
extern struct dentry *debugfs_create_x16(const char *name, umode_t mode, struct dentry *parent, u16 *value);
extern struct dentry *debugfs_create_x32(const char *name, umode_t mode, struct dentry *parent, u32 *value);
extern struct dentry *debugfs_create_x64(const char *name, umode_t mode, struct dentry *parent, u64 *value);
extern struct dentry *debugfs_create_size_t(const char *name, umode_t mode, struct dentry *parent, size_t *value);
extern struct dentry *debugfs_create_atomic_t(const char *name, umode_t mode, struct dentry *parent, atomic_t *value);
extern struct dentry *debugfs_create_bool(const char *name, umode_t mode, struct dentry *parent, bool *value);
extern struct dentry *debugfs_create_blob(const char *name, umode_t mode, struct dentry *parent,
					  struct debugfs_blob_wrapper *blob);
/* The file shows what the array holds when it is opened. */
extern void debugfs_create_u32_array(const char *name, umode_t mode, struct dentry *parent,
				     struct debugfs_u32_array *array);
extern bool debugfs_initialized(void);
KLOOM_END_DECLS

#define debugfs_remove_recursive debugfs_remove

#define DEFINE_DEBUGFS_ATTRIBUTE(__fops, __get, __set, __fmt) DEFINE_SIMPLE_ATTRIBUTE(__fops, __get, __set, __fmt)
#define DEFINE_DEBUGFS_ATTRIBUTE_SIGNED(__fops, __get, __set, __fmt) DEFINE_SIMPLE_ATTRIBUTE_SIGNED(__fops, __get, __set, __fmt)
