/*
 * Files whose content is produced record by record: an iterator (struct seq_operations) and a buffer that grows until a record fits.
 */
#pragma once

#include <linux/bug.h>
#include <linux/compiler.h>
#include <linux/cpumask.h>
#include <linux/fs.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/string.h>
#include <linux/types.h>

struct seq_operations;

struct seq_file {
	char *buf;
	size_t size;
	size_t from;
	size_t count;
	size_t pad_until;
	loff_t index;
	loff_t read_pos;
	struct mutex lock;
	const struct seq_operations *op;
	int poll_event;
	const struct file *file;
#ifdef __cplusplus
	void *kloom_private;
#else
	void *private;
#endif
};

struct seq_operations {
	void *(*start)(struct seq_file *m, loff_t *pos);
	void (*stop)(struct seq_file *m, void *v);
	void *(*next)(struct seq_file *m, void *v, loff_t *pos);
	int (*show)(struct seq_file *m, void *v);
};

#define SEQ_SKIP 1
#define SEQ_START_TOKEN ((void *)1)

static inline bool seq_has_overflowed(struct seq_file *m)
{
	return m->count == m->size;
}

/* The free part of the buffer, for functions that fill it themselves; seq_commit() says how much of it they used. */
static inline size_t seq_get_buf(struct seq_file *m, char **bufp)
{
	BUG_ON(m->count > m->size);
	if (m->count < m->size)
		*bufp = m->buf + m->count;
	else
		*bufp = NULL;
	return m->size - m->count;
}

static inline void seq_commit(struct seq_file *m, int num)
{
	if (num < 0) {
		m->count = m->size;
	} else {
		BUG_ON(m->count + num > m->size);
		m->count += num;
	}
}

static inline void seq_setwidth(struct seq_file *m, size_t size)
{
	m->pad_until = m->count + size;
}

KLOOM_BEGIN_DECLS

/* Operations of the file. Context: task, may sleep. */
extern int seq_open(struct file *file, const struct seq_operations *op);
extern ssize_t seq_read(struct file *file, char __user *buf, size_t size, loff_t *ppos);
extern ssize_t seq_read_iter(struct kiocb *iocb, struct iov_iter *iter);
extern loff_t seq_lseek(struct file *file, loff_t offset, int whence);
extern int seq_release(struct inode *inode, struct file *file);
extern int single_open(struct file *file, int (*show)(struct seq_file *, void *), void *data);
extern int single_open_size(struct file *file, int (*show)(struct seq_file *, void *), void *data, size_t size);
extern int single_release(struct inode *inode, struct file *file);
extern void *__seq_open_private(struct file *file, const struct seq_operations *ops, int psize);
extern int seq_open_private(struct file *file, const struct seq_operations *ops, int psize);
extern int seq_release_private(struct inode *inode, struct file *file);

/* Output of a record. Context: within show(), start(), next() and stop(). */
extern __printf(2, 3) void seq_printf(struct seq_file *m, const char *fmt, ...);
extern __printf(2, 0) void seq_vprintf(struct seq_file *m, const char *fmt, va_list args);
extern void seq_putc(struct seq_file *m, char c);
extern void seq_puts(struct seq_file *m, const char *s);
extern void seq_put_decimal_ull(struct seq_file *m, const char *delimiter, unsigned long long num);
extern void seq_put_decimal_ll(struct seq_file *m, const char *delimiter, long long num);
extern void seq_put_decimal_ull_width(struct seq_file *m, const char *delimiter, unsigned long long num, unsigned int width);
extern void seq_put_hex_ll(struct seq_file *m, const char *delimiter, unsigned long long v, unsigned int width);
/* Characters that are in `esc` become octal: "\\040". */
extern void seq_escape(struct seq_file *m, const char *s, const char *esc);
extern void seq_pad(struct seq_file *m, char c);
extern int seq_write(struct seq_file *seq, const void *data, size_t len);
extern void seq_hex_dump(struct seq_file *m, const char *prefix_str, int prefix_type, int rowsize, int groupsize,
			 const void *buf, size_t len, bool ascii);
KLOOM_END_DECLS

static inline void seq_show_option(struct seq_file *m, const char *name, const char *value)
{
	seq_putc(m, ',');
	seq_escape(m, name, ",= \t\n\\");
	if (value) {
		seq_putc(m, '=');
		seq_escape(m, value, ", \t\n\\");
	}
}

/* Iteration over lists: the position is the number of the element. The caller holds the list's lock. */
static inline struct list_head *seq_list_start(struct list_head *head, loff_t pos)
{
	struct list_head *lh;

	list_for_each(lh, head)
		if (pos-- == 0)
			return lh;
	return NULL;
}

static inline struct list_head *seq_list_start_head(struct list_head *head, loff_t pos)
{
	return pos ? seq_list_start(head, pos - 1) : head;
}

static inline struct list_head *seq_list_next(void *v, struct list_head *head, loff_t *ppos)
{
	struct list_head *lh = ((struct list_head *)v)->next;

	++*ppos;
	return lh == head ? NULL : lh;
}

static inline struct hlist_node *seq_hlist_start(struct hlist_head *head, loff_t pos)
{
	struct hlist_node *node;

	hlist_for_each(node, head)
		if (pos-- == 0)
			return node;
	return NULL;
}

static inline struct hlist_node *seq_hlist_start_head(struct hlist_head *head, loff_t pos)
{
	return pos ? seq_hlist_start(head, pos - 1) : (struct hlist_node *)SEQ_START_TOKEN;
}

static inline struct hlist_node *seq_hlist_next(void *v, struct hlist_head *head, loff_t *ppos)
{
	struct hlist_node *node = (struct hlist_node *)v;

	++*ppos;
	return v == SEQ_START_TOKEN ? head->first : node->next;
}

#ifndef __cplusplus
#define DEFINE_SEQ_ATTRIBUTE(__name) \
	static int __name##_open(struct inode *inode, struct file *file) \
	{ \
		int ret = seq_open(file, &__name##_sops); \
		if (!ret && inode->i_private) { \
			struct seq_file *seq_f = file->private_data; \
			seq_f->private = inode->i_private; \
		} \
		return ret; \
	} \
	static const struct file_operations __name##_fops = { \
		.owner = THIS_MODULE, \
		.llseek = seq_lseek, \
		.read = seq_read, \
		.open = __name##_open, \
		.release = seq_release, \
	}
#endif

#define DEFINE_SHOW_ATTRIBUTE(__name) \
	static int __name##_open(struct inode *inode, struct file *file) \
	{ \
		return single_open(file, __name##_show, inode->i_private); \
	} \
	static const struct file_operations __name##_fops = { \
		.owner = THIS_MODULE, \
		.llseek = seq_lseek, \
		.read = seq_read, \
		.open = __name##_open, \
		.release = single_release, \
	}

#define DEFINE_PROC_SHOW_ATTRIBUTE(__name) \
	static int __name##_open(struct inode *inode, struct file *file) \
	{ \
		return single_open(file, __name##_show, pde_data(inode)); \
	} \
	static const struct proc_ops __name##_proc_ops = { \
		.proc_open = __name##_open, \
		.proc_read = seq_read, \
		.proc_lseek = seq_lseek, \
		.proc_release = single_release, \
	}
