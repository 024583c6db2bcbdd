/*
 * Small numbers for objects. idr_find() may run beside a writer under rcu_read_lock(); the caller
 * serialises idr_alloc(), idr_remove() and idr_replace(). struct ida hands out numbers alone and
 * has its own lock.
 */
#pragma once

#include <linux/bug.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/limits.h>
#include <linux/preempt.h>
#include <linux/radix_slots.h>
#include <linux/spinlock.h>
#include <linux/types.h>

struct idr {
	struct radix_slots_node *idr_root;
	unsigned int idr_base;
	unsigned int idr_next;
};

/* Stands for NULL as an entry: the number is taken, idr_find() gives NULL. */
#define __IDR_RESERVED ((void *)0x406UL)

#define IDR_INIT_BASE(name, base)                                                                  \
	{                                                                                          \
		NULL, (base), 0                                                                    \
	}
#define IDR_INIT(name)	 IDR_INIT_BASE(name, 0)
#define DEFINE_IDR(name) struct idr name = IDR_INIT(name)

static inline void idr_init_base(struct idr *idr, int base)
{
	idr->idr_root = NULL;
	idr->idr_base = (unsigned int)base;
	idr->idr_next = 0;
}

static inline void idr_init(struct idr *idr)
{
	idr_init_base(idr, 0);
}

static inline bool idr_is_empty(const struct idr *idr)
{
	return READ_ONCE(idr->idr_root) == NULL;
}

static inline unsigned int idr_get_cursor(const struct idr *idr)
{
	return READ_ONCE(idr->idr_next);
}

static inline void idr_set_cursor(struct idr *idr, unsigned int val)
{
	WRITE_ONCE(idr->idr_next, val);
}

/* Numbers are kept relative to idr_base. */
static inline int idr_alloc_u32(struct idr *idr, void *ptr, u32 *nextid, unsigned long max,
				gfp_t gfp)
{
	unsigned long base = idr->idr_base;
	unsigned long id = *nextid < base ? 0 : *nextid - base;
	void *old;
	int error;

	if (max < base)
		return -ENOSPC;
	error = radix_slots_find_free(&idr->idr_root, &id, max - base);
	if (error)
		return error;
	error = radix_slots_store(&idr->idr_root, id, ptr ? ptr : __IDR_RESERVED, gfp, &old);
	if (error)
		return error;
	*nextid = (u32)(id + base);
	return 0;
}

/* A number from `start` up to below `end` (none when it is not positive), -ENOSPC, -ENOMEM or
 * -EINVAL. Context: as kmalloc(). */
static inline int idr_alloc(struct idr *idr, void *ptr, int start, int end, gfp_t gfp)
{
	u32 id = (u32)start;
	int error;

	if (WARN_ON_ONCE(start < 0))
		return -EINVAL;
	error = idr_alloc_u32(idr, ptr, &id, end > 0 ? (unsigned long)(end - 1) : INT_MAX, gfp);
	return error ? error : (int)id;
}

/* As idr_alloc(), but goes on after the last number and wraps around. */
static inline int idr_alloc_cyclic(struct idr *idr, void *ptr, int start, int end, gfp_t gfp)
{
	unsigned long max = end > 0 ? (unsigned long)(end - 1) : INT_MAX;
	u32 id = idr->idr_next;
	int error;

	if ((int)id < start)
		id = (u32)start;
	error = idr_alloc_u32(idr, ptr, &id, max, gfp);
	if (error == -ENOSPC && id > (u32)start) {
		id = (u32)start;
		error = idr_alloc_u32(idr, ptr, &id, max, gfp);
	}
	if (error)
		return error;
	idr->idr_next = id + 1;
	return (int)id;
}

static inline void *idr_find(const struct idr *idr, unsigned long id)
{
	void *entry =
		radix_slots_load((struct radix_slots_node **)&idr->idr_root, id - idr->idr_base);

	return entry == __IDR_RESERVED ? NULL : entry;
}

/* The object that had the number, or NULL. */
static inline void *idr_remove(struct idr *idr, unsigned long id)
{
	void *old;

	radix_slots_store(&idr->idr_root, id - idr->idr_base, NULL, 0, &old);
	return old == __IDR_RESERVED ? NULL : old;
}

/* The object before, or ERR_PTR(-ENOENT) when the number is not taken. */
static inline void *idr_replace(struct idr *idr, void *ptr, unsigned long id)
{
	void *old;

	if (!radix_slots_load(&idr->idr_root, id - idr->idr_base))
		return ERR_PTR(-ENOENT);
	radix_slots_store(&idr->idr_root, id - idr->idr_base, ptr ? ptr : __IDR_RESERVED, 0, &old);
	return old == __IDR_RESERVED ? NULL : old;
}

static inline void *idr_get_next_ul(struct idr *idr, unsigned long *nextid)
{
	unsigned long base = idr->idr_base;
	unsigned long id = *nextid < base ? 0 : *nextid - base;
	void *entry;

	while ((entry = radix_slots_find(&idr->idr_root, &id, ~0UL)) == __IDR_RESERVED)
		id++;
	if (entry)
		*nextid = id + base;
	return entry;
}

static inline void *idr_get_next(struct idr *idr, int *nextid)
{
	unsigned long id = (unsigned long)*nextid;
	void *entry = idr_get_next_ul(idr, &id);

	if (!entry || WARN_ON_ONCE(id > INT_MAX))
		return NULL;
	*nextid = (int)id;
	return entry;
}

/* Stops at the first call that does not return 0 and gives its value. */
static inline int idr_for_each(const struct idr *idr, int (*fn)(int id, void *p, void *data),
			       void *data)
{
	unsigned long id = 0;
	void *entry;

	for (; (entry = idr_get_next_ul((struct idr *)idr, &id)); id++) {
		int ret = fn((int)id, entry, data);

		if (ret)
			return ret;
	}
	return 0;
}

static inline void idr_destroy(struct idr *idr)
{
	radix_slots_destroy(&idr->idr_root);
}

#define idr_for_each_entry(idr, entry, id)                                                         \
	for (id = 0; ((entry) = (__typeof__(entry))idr_get_next(idr, &(id))) != NULL; id += 1U)
#define idr_for_each_entry_ul(idr, entry, tmp, id)                                                 \
	for (tmp = 0, id = 0;                                                                      \
	     ((entry) = tmp <= id ? (__typeof__(entry))idr_get_next_ul(idr, &(id)) : NULL) !=      \
	     NULL;                                                                                 \
	     tmp = id, ++id)
#define idr_for_each_entry_continue(idr, entry, id)                                                \
	for ((entry) = (__typeof__(entry))idr_get_next((idr), &(id)); entry;                       \
	     ++id, (entry) = (__typeof__(entry))idr_get_next((idr), &(id)))

/* Between these two, idr_alloc() with GFP_NOWAIT does not fail for lack of a node. Preemption is
 * off. Context: task. */
static inline void idr_preload(gfp_t gfp_mask)
{
	might_sleep_if(gfpflags_allow_blocking(gfp_mask));
	preempt_disable();
}

static inline void idr_preload_end(void)
{
	preempt_enable();
}

struct ida {
	spinlock_t lock;
	struct radix_slots_node *root;
};

#define IDA_INIT(name)                                                                             \
	{                                                                                          \
		__SPIN_LOCK_UNLOCKED(name.lock), NULL                                              \
	}
#define DEFINE_IDA(name) struct ida name = IDA_INIT(name)

static inline void ida_init(struct ida *ida)
{
	spin_lock_init(&ida->lock);
	ida->root = NULL;
}

/* A number from `min` to `max`, both included; -ENOSPC or -ENOMEM. Context: any, may sleep when
 * `gfp` says so. */
static inline int ida_alloc_range(struct ida *ida, unsigned int min, unsigned int max, gfp_t gfp)
{
	unsigned long flags, id = min;
	void *old;
	int error;

	if ((int)min < 0)
		return -ENOSPC;
	if ((int)max < 0)
		max = INT_MAX;
	might_sleep_if(gfpflags_allow_blocking(gfp));
	spin_lock_irqsave(&ida->lock, flags);
	error = radix_slots_find_free(&ida->root, &id, max);
	if (!error)
		error = radix_slots_store(&ida->root, id, __IDR_RESERVED, GFP_NOWAIT, &old);
	spin_unlock_irqrestore(&ida->lock, flags);
	return error ? error : (int)id;
}

static inline int ida_alloc(struct ida *ida, gfp_t gfp)
{
	return ida_alloc_range(ida, 0, ~0U, gfp);
}

static inline int ida_alloc_min(struct ida *ida, unsigned int min, gfp_t gfp)
{
	return ida_alloc_range(ida, min, ~0U, gfp);
}

static inline int ida_alloc_max(struct ida *ida, unsigned int max, gfp_t gfp)
{
	return ida_alloc_range(ida, 0, max, gfp);
}

static inline void ida_free(struct ida *ida, unsigned int id)
{
	unsigned long flags;
	void *old;

	spin_lock_irqsave(&ida->lock, flags);
	radix_slots_store(&ida->root, id, NULL, 0, &old);
	spin_unlock_irqrestore(&ida->lock, flags);
	WARN(!old, "ida_free called for id=%d which is not allocated.\n", (int)id);
}

static inline void ida_destroy(struct ida *ida)
{
	unsigned long flags;

	spin_lock_irqsave(&ida->lock, flags);
	radix_slots_destroy(&ida->root);
	spin_unlock_irqrestore(&ida->lock, flags);
}

static inline bool ida_is_empty(const struct ida *ida)
{
	return READ_ONCE(ida->root) == NULL;
}

#define ida_simple_get(ida, start, end, gfp) ida_alloc_range(ida, start, (end)-1, gfp)
#define ida_simple_remove(ida, id)	     ida_free(ida, id)
