/*
 * Buffers of read_iter() and write_iter(). The machine's system calls pass one buffer of user memory, or one of the kernel's.
 */
#pragma once

#include <linux/compiler.h>
#include <linux/types.h>

#ifndef KLOOM_IMPLEMENTATION
#define READ 0
#define WRITE 1
#endif
#define ITER_SOURCE 1
#define ITER_DEST 0

enum iter_type { ITER_UBUF, ITER_KVEC };

struct iov_iter {
	u8 iter_type;
	bool data_source;
	size_t iov_offset;
	size_t count;
	void *kloom_buffer;
};

static inline size_t iov_iter_count(const struct iov_iter *i)
{
	return i->count;
}

static inline unsigned char iov_iter_rw(const struct iov_iter *i)
{
	return i->data_source ? 1 : 0;
}

static inline bool iter_is_ubuf(const struct iov_iter *i)
{
	return i->iter_type == ITER_UBUF;
}

static inline void iov_iter_truncate(struct iov_iter *i, u64 count)
{
	if (i->count > count)
		i->count = count;
}

KLOOM_BEGIN_DECLS
/* Return the number of bytes copied. Context: task, may sleep. */
extern size_t copy_to_iter(const void *addr, size_t bytes, struct iov_iter *i);
extern size_t copy_from_iter(void *addr, size_t bytes, struct iov_iter *i);
extern size_t iov_iter_zero(size_t bytes, struct iov_iter *i);
extern void iov_iter_advance(struct iov_iter *i, size_t bytes);
extern void iov_iter_revert(struct iov_iter *i, size_t bytes);
KLOOM_END_DECLS
