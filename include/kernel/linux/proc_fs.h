/*
 * Files under /proc. An entry's operations are a struct proc_ops (since Linux 5.6) or a struct file_operations (before): the
 * functions here take either.
 */
#pragma once

#include <linux/compiler.h>
#include <linux/fs.h>
#include <linux/seq_file.h>
#include <linux/types.h>
#include <linux/uidgid.h>

struct proc_dir_entry;
struct seq_file;
struct seq_operations;

enum { PROC_ENTRY_PERMANENT = 1U << 0 };

struct proc_ops {
	unsigned int proc_flags;
	int (*proc_open)(struct inode *, struct file *);
	ssize_t (*proc_read)(struct file *, char __user *, size_t, loff_t *);
	ssize_t (*proc_read_iter)(struct kiocb *, struct iov_iter *);
	ssize_t (*proc_write)(struct file *, const char __user *, size_t, loff_t *);
	loff_t (*proc_lseek)(struct file *, loff_t, int);
	int (*proc_release)(struct inode *, struct file *);
	__poll_t (*proc_poll)(struct file *, struct poll_table_struct *);
	long (*proc_ioctl)(struct file *, unsigned int, unsigned long);
	long (*proc_compat_ioctl)(struct file *, unsigned int, unsigned long);
	int (*proc_mmap)(struct file *, struct vm_area_struct *);
};

typedef int (*proc_write_t)(struct file *, char *, size_t);

KLOOM_BEGIN_DECLS
/*
 * Entries are created in `parent`, NULL being /proc itself; `name` may lead through directories. They return NULL when that
 * fails. Removing an entry waits for calls that are under way and closes the files that are still open. Context: task, may sleep.
 */
extern struct proc_dir_entry *proc_mkdir(const char *name, struct proc_dir_entry *parent);
extern struct proc_dir_entry *proc_mkdir_data(const char *name, umode_t mode, struct proc_dir_entry *parent, void *data);
extern struct proc_dir_entry *proc_mkdir_mode(const char *name, umode_t mode, struct proc_dir_entry *parent);
extern struct proc_dir_entry *proc_symlink(const char *name, struct proc_dir_entry *parent, const char *dest);
extern struct proc_dir_entry *kloom_proc_create(const char *name, umode_t mode, struct proc_dir_entry *parent,
						const struct proc_ops *ops, void *data);
extern struct proc_dir_entry *kloom_proc_create_fops(const char *name, umode_t mode, struct proc_dir_entry *parent,
						     const struct file_operations *fops, void *data);
extern struct proc_dir_entry *proc_create_seq_private(const char *name, umode_t mode, struct proc_dir_entry *parent,
						      const struct seq_operations *ops, unsigned int state_size, void *data);
extern struct proc_dir_entry *proc_create_single_data(const char *name, umode_t mode, struct proc_dir_entry *parent,
						      int (*show)(struct seq_file *, void *), void *data);
extern void proc_set_size(struct proc_dir_entry *entry, loff_t size);
extern void proc_set_user(struct proc_dir_entry *entry, kuid_t uid, kgid_t gid);
extern void proc_remove(struct proc_dir_entry *entry);
extern void remove_proc_entry(const char *name, struct proc_dir_entry *parent);
extern int remove_proc_subtree(const char *name, struct proc_dir_entry *parent);

/* The `data` that the entry of this inode was created with. Context: any. */
extern void *pde_data(const struct inode *inode);
extern void *proc_get_parent_data(const struct inode *inode);
KLOOM_END_DECLS

#define PDE_DATA(inode) pde_data(inode)
#define proc_create_seq_data(name, mode, parent, ops, data) proc_create_seq_private(name, mode, parent, ops, 0, data)
#define proc_create_seq(name, mode, parent, ops) proc_create_seq_private(name, mode, parent, ops, 0, NULL)
#define proc_create_single(name, mode, parent, show) proc_create_single_data(name, mode, parent, show, NULL)

#ifdef __cplusplus
static inline struct proc_dir_entry *proc_create_data(const char *name, umode_t mode, struct proc_dir_entry *parent,
						      const struct proc_ops *ops, void *data)
{
	return kloom_proc_create(name, mode, parent, ops, data);
}
static inline struct proc_dir_entry *proc_create_data(const char *name, umode_t mode, struct proc_dir_entry *parent,
						      const struct file_operations *fops, void *data)
{
	return kloom_proc_create_fops(name, mode, parent, fops, data);
}
#define proc_create(name, mode, parent, ops) proc_create_data(name, mode, parent, ops, NULL)
#else
#define proc_create_data(name, mode, parent, ops, data) \
	_Generic((ops), \
		struct file_operations *: kloom_proc_create_fops, \
		const struct file_operations *: kloom_proc_create_fops, \
		default: kloom_proc_create)(name, mode, parent, ops, data)
#define proc_create(name, mode, parent, ops) proc_create_data(name, mode, parent, ops, NULL)
#endif
