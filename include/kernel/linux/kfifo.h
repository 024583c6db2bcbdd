/*
 * FIFO buffers of elements of one type, or of records of variable length. One reader and one writer
 * need no lock; the counters are published with release and read with acquire. More than one of a
 * kind need the _spinlocked forms.
 *
 * `in` and `out` count elements (bytes, for records) for ever; their difference is the filling, and
 * they are reduced modulo the size, a power of two, only to address the memory.
 */
#pragma once

#include <linux/compiler.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/spinlock.h>
#include <linux/stddef.h>
#include <linux/string.h>
#include <linux/types.h>

struct __kfifo {
	unsigned int in;
	unsigned int out;
	unsigned int mask;
	unsigned int esize;
	void *data;
};

/* A member cannot have the name of its struct in C++. */
#ifdef __cplusplus
#define __KFIFO_BASE kfifo_base
#else
#define __KFIFO_BASE kfifo
#endif

/* `rectype` and the pointers carry types alone: the element, the record header, what goes in. */
#define __STRUCT_KFIFO_COMMON(datatype, recsize, ptrtype)                                          \
	union {                                                                                    \
		struct __kfifo __KFIFO_BASE;                                                       \
		datatype *type;                                                                    \
		const datatype *const_type;                                                        \
		char (*rectype)[recsize];                                                          \
		ptrtype *ptr;                                                                      \
		ptrtype const *ptr_const;                                                          \
	}
#define __STRUCT_KFIFO(datatype, size, recsize, ptrtype)                                           \
	{                                                                                          \
		__STRUCT_KFIFO_COMMON(datatype, recsize, ptrtype);                                 \
		datatype buf[((size < 2) || (size & (size - 1))) ? -1 : size];                     \
	}
#define __STRUCT_KFIFO_PTR(datatype, recsize, ptrtype)                                             \
	{                                                                                          \
		__STRUCT_KFIFO_COMMON(datatype, recsize, ptrtype);                                 \
		datatype buf[0];                                                                   \
	}
#define STRUCT_KFIFO(type, size) struct __STRUCT_KFIFO(type, size, 0, type)
#define STRUCT_KFIFO_PTR(type)	 struct __STRUCT_KFIFO_PTR(type, 0, type)
#define STRUCT_KFIFO_REC_1(size) struct __STRUCT_KFIFO(unsigned char, size, 1, void)
#define STRUCT_KFIFO_REC_2(size) struct __STRUCT_KFIFO(unsigned char, size, 2, void)

struct kfifo __STRUCT_KFIFO_PTR(unsigned char, 0, void);
struct kfifo_rec_ptr_1 __STRUCT_KFIFO_PTR(unsigned char, 1, void);
struct kfifo_rec_ptr_2 __STRUCT_KFIFO_PTR(unsigned char, 2, void);

#define DECLARE_KFIFO_PTR(fifo, type)	STRUCT_KFIFO_PTR(type) fifo
#define DECLARE_KFIFO(fifo, type, size) STRUCT_KFIFO(type, size) fifo

/* A fifo without memory of its own has nothing behind the common part. */
#define __is_kfifo_ptr(fifo) (sizeof((fifo)->buf) == 0)
#define INIT_KFIFO(fifo)                                                                           \
	(void)({                                                                                   \
		__typeof__(&(fifo)) __init_fifo = &(fifo);                                         \
		__init_fifo->__KFIFO_BASE.in = 0;                                                  \
		__init_fifo->__KFIFO_BASE.out = 0;                                                 \
		__init_fifo->__KFIFO_BASE.mask =                                                   \
			__is_kfifo_ptr(__init_fifo)                                                \
				? 0                                                                \
				: (unsigned int)(ARRAY_SIZE(__init_fifo->buf) - 1);                \
		__init_fifo->__KFIFO_BASE.esize = sizeof(*__init_fifo->buf);                       \
		__init_fifo->__KFIFO_BASE.data =                                                   \
			__is_kfifo_ptr(__init_fifo) ? NULL : (void *)__init_fifo->buf;             \
	})
#define DEFINE_KFIFO(fifo, type, size)                                                             \
	DECLARE_KFIFO(fifo, type, size) = {{{0, 0, (size)-1, sizeof(type), (void *)(fifo).buf}}, {}}

KLOOM_BEGIN_DECLS
/* Memory for `size` elements, a power of two (alloc rounds up, init down): 0, -EINVAL, -ENOMEM.
 * Context: as kmalloc(). */
extern int __kfifo_alloc(struct __kfifo *fifo, unsigned int size, size_t esize, gfp_t gfp_mask);
extern void __kfifo_free(struct __kfifo *fifo);
extern int __kfifo_init(struct __kfifo *fifo, void *buffer, unsigned int size, size_t esize);
/* Copies through user space: 0 or -EFAULT; *copied becomes the number of bytes. Context: task, may
 * sleep. */
extern int __kfifo_from_user(struct __kfifo *fifo, const void __user *from, unsigned long len,
			     unsigned int *copied, size_t recsize);
extern int __kfifo_to_user(struct __kfifo *fifo, void __user *to, unsigned long len,
			   unsigned int *copied, size_t recsize);
KLOOM_END_DECLS

static __always_inline unsigned int __kfifo_used(struct __kfifo *fifo)
{
	return smp_load_acquire(&fifo->in) - smp_load_acquire(&fifo->out);
}

static __always_inline unsigned int __kfifo_unused(struct __kfifo *fifo)
{
	return fifo->mask + 1 - __kfifo_used(fifo);
}

#ifdef KLOOM_IMPLEMENTATION
#define __kfifo_memcpy kloom_memcpy
#else
#define __kfifo_memcpy memcpy
#endif

/* Copies `len` elements to the place of the count `at`, around the end of the memory. */
static inline void __kfifo_copy_in(struct __kfifo *fifo, const void *src, unsigned int len,
				   unsigned int at)
{
	unsigned int start = at & fifo->mask, size = fifo->mask + 1;
	unsigned int first = len < size - start ? len : size - start;

	__kfifo_memcpy((char *)fifo->data + start * fifo->esize, src, first * fifo->esize);
	if (len > first)
		__kfifo_memcpy(fifo->data, (const char *)src + first * fifo->esize,
			       (len - first) * fifo->esize);
}

static inline void __kfifo_copy_out(struct __kfifo *fifo, void *dst, unsigned int len,
				    unsigned int at)
{
	unsigned int start = at & fifo->mask, size = fifo->mask + 1;
	unsigned int first = len < size - start ? len : size - start;

	__kfifo_memcpy(dst, (char *)fifo->data + start * fifo->esize, first * fifo->esize);
	if (len > first)
		__kfifo_memcpy((char *)dst + first * fifo->esize, fifo->data,
			       (len - first) * fifo->esize);
}

/* The length of the next record, which its header of `recsize` bytes holds, lowest byte first. */
static inline unsigned int __kfifo_peek_record(struct __kfifo *fifo, size_t recsize)
{
	unsigned char header[2] = {0, 0};

	__kfifo_copy_out(fifo, header, (unsigned int)recsize, fifo->out);
	return header[0] | (unsigned int)header[1] << 8;
}

/* Elements put in; a record goes in whole or not at all. */
static inline unsigned int __kfifo_in(struct __kfifo *fifo, const void *buf, unsigned int len,
				      size_t recsize)
{
	unsigned int unused = __kfifo_unused(fifo);
	unsigned char header[2] = {(unsigned char)len, (unsigned char)(len >> 8)};

	if (recsize) {
		if (len + recsize > unused || len >= 1UL << (8 * recsize))
			return 0;
		__kfifo_copy_in(fifo, header, (unsigned int)recsize, fifo->in);
	} else if (len > unused) {
		len = unused;
	}
	__kfifo_copy_in(fifo, buf, len, fifo->in + (unsigned int)recsize);
	smp_store_release(&fifo->in, fifo->in + len + (unsigned int)recsize);
	return len;
}

/* Copies from a fifo with `used` elements and leaves them in; what does not fit of a record is left
 * out. */
static inline unsigned int __kfifo_peek_used(struct __kfifo *fifo, void *buf, unsigned int len,
					     size_t recsize, unsigned int used)
{
	if (!used)
		return 0;
	if (recsize)
		used = __kfifo_peek_record(fifo, recsize);
	if (len > used)
		len = used;
	__kfifo_copy_out(fifo, buf, len, fifo->out + (unsigned int)recsize);
	return len;
}

static inline unsigned int __kfifo_out_peek(struct __kfifo *fifo, void *buf, unsigned int len,
					    size_t recsize)
{
	return __kfifo_peek_used(fifo, buf, len, recsize, __kfifo_used(fifo));
}

/* Drops `len` elements, or the next record. Requires: they are there. */
static inline void __kfifo_drop(struct __kfifo *fifo, unsigned int len, size_t recsize)
{
	if (recsize)
		len = __kfifo_peek_record(fifo, recsize) + (unsigned int)recsize;
	smp_store_release(&fifo->out, fifo->out + len);
}

static inline void __kfifo_skip(struct __kfifo *fifo, unsigned int len, size_t recsize)
{
	if (__kfifo_used(fifo))
		__kfifo_drop(fifo, len, recsize);
}

/* The filling is looked at once: what a writer adds later is for the next call. */
static inline unsigned int __kfifo_out(struct __kfifo *fifo, void *buf, unsigned int len,
				       size_t recsize)
{
	unsigned int used = __kfifo_used(fifo);

	len = __kfifo_peek_used(fifo, buf, len, recsize, used);
	if (used)
		__kfifo_drop(fifo, len, recsize);
	return len;
}

#define __kfifo_recsize(fifo) (sizeof(*(fifo)->rectype))
#define __kfifo_of(fifo)      (&(fifo)->__KFIFO_BASE)

#define kfifo_initialized(fifo) ((fifo)->__KFIFO_BASE.mask)
#define kfifo_esize(fifo)	((fifo)->__KFIFO_BASE.esize)
#define kfifo_recsize(fifo)	__kfifo_recsize(fifo)
#define kfifo_size(fifo)	((fifo)->__KFIFO_BASE.mask + 1)
#define kfifo_reset(fifo)                                                                          \
	(void)({                                                                                   \
		smp_store_release(&(fifo)->__KFIFO_BASE.in, 0U);                                   \
		smp_store_release(&(fifo)->__KFIFO_BASE.out, 0U);                                  \
	})
#define kfifo_reset_out(fifo)                                                                      \
	smp_store_release(&(fifo)->__KFIFO_BASE.out, smp_load_acquire(&(fifo)->__KFIFO_BASE.in))
#define kfifo_len(fifo)	     __kfifo_used(__kfifo_of(fifo))
#define kfifo_is_empty(fifo) (kfifo_len(fifo) == 0)
#define kfifo_is_empty_spinlocked(fifo, lock)                                                      \
	({                                                                                         \
		unsigned long __fifo_flags;                                                        \
		bool __fifo_empty;                                                                 \
		spin_lock_irqsave(lock, __fifo_flags);                                             \
		__fifo_empty = kfifo_is_empty(fifo);                                               \
		spin_unlock_irqrestore(lock, __fifo_flags);                                        \
		__fifo_empty;                                                                      \
	})
#define kfifo_is_full(fifo) (kfifo_len(fifo) > (fifo)->__KFIFO_BASE.mask)
#define kfifo_avail(fifo)                                                                          \
	({                                                                                         \
		unsigned int __fifo_avail = __kfifo_unused(__kfifo_of(fifo));                      \
		unsigned int __fifo_header = (unsigned int)__kfifo_recsize(fifo);                  \
		__fifo_header ? (__fifo_avail <= __fifo_header ? 0 : __fifo_avail - __fifo_header) \
			      : __fifo_avail;                                                      \
	})
#define kfifo_skip(fifo)	      __kfifo_skip(__kfifo_of(fifo), 1, __kfifo_recsize(fifo))
#define kfifo_skip_count(fifo, count) __kfifo_skip(__kfifo_of(fifo), count, __kfifo_recsize(fifo))
#define kfifo_peek_len(fifo)                                                                       \
	(kfifo_is_empty(fifo)	 ? 0U                                                              \
	 : __kfifo_recsize(fifo) ? __kfifo_peek_record(__kfifo_of(fifo), __kfifo_recsize(fifo))    \
				 : kfifo_len(fifo) * (unsigned int)sizeof(*(fifo)->type))

#define kfifo_alloc(fifo, size, gfp_mask)                                                          \
	__kfifo_alloc(__kfifo_of(fifo), size, sizeof(*(fifo)->type), gfp_mask)
#define kfifo_free(fifo) __kfifo_free(__kfifo_of(fifo))
#define kfifo_init(fifo, buffer, size)                                                             \
	__kfifo_init(__kfifo_of(fifo), buffer, size, sizeof(*(fifo)->type))

/* One element (or record of one element's size): 1, or 0 when the fifo is full (empty). */
#define kfifo_put(fifo, val)                                                                       \
	({                                                                                         \
		__typeof__(*(fifo)->type) __fifo_value = (val);                                    \
		__kfifo_recsize(fifo) ? __kfifo_in(__kfifo_of(fifo), &__fifo_value,                \
						   sizeof(__fifo_value), __kfifo_recsize(fifo))    \
				      : __kfifo_in(__kfifo_of(fifo), &__fifo_value, 1, 0);         \
	})
#define kfifo_get(fifo, val)                                                                       \
	({                                                                                         \
		__typeof__((fifo)->type) __fifo_to = (val);                                        \
		__kfifo_recsize(fifo) ? __kfifo_out(__kfifo_of(fifo), __fifo_to,                   \
						    sizeof(*__fifo_to), __kfifo_recsize(fifo))     \
				      : __kfifo_out(__kfifo_of(fifo), __fifo_to, 1, 0);            \
	})
#define kfifo_peek(fifo, val)                                                                      \
	({                                                                                         \
		__typeof__((fifo)->type) __fifo_to = (val);                                        \
		__kfifo_recsize(fifo)                                                              \
			? __kfifo_out_peek(__kfifo_of(fifo), __fifo_to, sizeof(*__fifo_to),        \
					   __kfifo_recsize(fifo))                                  \
			: __kfifo_out_peek(__kfifo_of(fifo), __fifo_to, 1, 0);                     \
	})

/* `n` elements, or one record of `n` bytes; the number that was moved. */
#define kfifo_in(fifo, buf, n)                                                                     \
	({                                                                                         \
		__typeof__((fifo)->ptr_const) __fifo_from = (buf);                                 \
		__kfifo_in(__kfifo_of(fifo), __fifo_from, n, __kfifo_recsize(fifo));               \
	})
#define kfifo_out(fifo, buf, n)                                                                    \
	({                                                                                         \
		__typeof__((fifo)->ptr) __fifo_to = (buf);                                         \
		__kfifo_out(__kfifo_of(fifo), __fifo_to, n, __kfifo_recsize(fifo));                \
	})
#define kfifo_out_peek(fifo, buf, n)                                                               \
	({                                                                                         \
		__typeof__((fifo)->ptr) __fifo_to = (buf);                                         \
		__kfifo_out_peek(__kfifo_of(fifo), __fifo_to, n, __kfifo_recsize(fifo));           \
	})

#define __kfifo_locked(lock, operation)                                                            \
	({                                                                                         \
		unsigned long __fifo_flags;                                                        \
		unsigned int __fifo_count;                                                         \
		spin_lock_irqsave(lock, __fifo_flags);                                             \
		__fifo_count = (operation);                                                        \
		spin_unlock_irqrestore(lock, __fifo_flags);                                        \
		__fifo_count;                                                                      \
	})
#define kfifo_in_spinlocked(fifo, buf, n, lock)	 __kfifo_locked(lock, kfifo_in(fifo, buf, n))
#define kfifo_out_spinlocked(fifo, buf, n, lock) __kfifo_locked(lock, kfifo_out(fifo, buf, n))
#define kfifo_in_spinlocked_noirqsave(fifo, buf, n, lock)                                          \
	({                                                                                         \
		unsigned int __fifo_count;                                                         \
		spin_lock(lock);                                                                   \
		__fifo_count = kfifo_in(fifo, buf, n);                                             \
		spin_unlock(lock);                                                                 \
		__fifo_count;                                                                      \
	})
#define kfifo_out_spinlocked_noirqsave(fifo, buf, n, lock)                                         \
	({                                                                                         \
		unsigned int __fifo_count;                                                         \
		spin_lock(lock);                                                                   \
		__fifo_count = kfifo_out(fifo, buf, n);                                            \
		spin_unlock(lock);                                                                 \
		__fifo_count;                                                                      \
	})
#define kfifo_in_locked(fifo, buf, n, lock)  kfifo_in_spinlocked(fifo, buf, n, lock)
#define kfifo_out_locked(fifo, buf, n, lock) kfifo_out_spinlocked(fifo, buf, n, lock)

#define kfifo_from_user(fifo, from, len, copied)                                                   \
	__kfifo_from_user(__kfifo_of(fifo), from, len, copied, __kfifo_recsize(fifo))
#define kfifo_to_user(fifo, to, len, copied)                                                       \
	__kfifo_to_user(__kfifo_of(fifo), to, len, copied, __kfifo_recsize(fifo))
