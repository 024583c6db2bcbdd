/*
 * An array of pointers with unsigned long indices. Reading needs nothing (the functions take
 * rcu_read_lock() themselves); writing takes the array's own lock, which the __xa_ forms expect to
 * be held. Entries may also be integers (xa_mk_value()), and carry up to three marks. Differences:
 * entries that span several indices and the xas_ interface are not there.
 */
#pragma once

#include <linux/bug.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/limits.h>
#include <linux/radix_slots.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>
#include <linux/types.h>

typedef unsigned int xa_mark_t;
#define XA_MARK_0   0U
#define XA_MARK_1   1U
#define XA_MARK_2   2U
#define XA_PRESENT  8U
#define XA_MARK_MAX XA_MARK_2

#define XA_FLAGS_LOCK_IRQ   1U
#define XA_FLAGS_LOCK_BH    2U
#define XA_FLAGS_TRACK_FREE 4U
#define XA_FLAGS_ZERO_BUSY  8U
#define XA_FLAGS_ALLOC	    XA_FLAGS_TRACK_FREE
#define XA_FLAGS_ALLOC1	    (XA_FLAGS_TRACK_FREE | XA_FLAGS_ZERO_BUSY)

/* A number that is taken without an entry. */
#define XA_ZERO_ENTRY ((void *)0x406UL)

struct xarray {
	spinlock_t xa_lock;
	gfp_t xa_flags;
	struct radix_slots_node *xa_head;
};

struct xa_limit {
	u32 max;
	u32 min;
};

#ifdef __cplusplus
#define XA_LIMIT(_min, _max) (xa_limit{(_max), (_min)})
#else
#define XA_LIMIT(_min, _max) ((struct xa_limit){(_max), (_min)})
#endif
#define xa_limit_32b XA_LIMIT(0, UINT_MAX)
#define xa_limit_31b XA_LIMIT(0, INT_MAX)
#define xa_limit_16b XA_LIMIT(0, USHRT_MAX)

#define XARRAY_INIT(name, flags)                                                                   \
	{                                                                                          \
		__SPIN_LOCK_UNLOCKED(name.xa_lock), (flags), NULL                                  \
	}
#define DEFINE_XARRAY_FLAGS(name, flags) struct xarray name = XARRAY_INIT(name, flags)
#define DEFINE_XARRAY(name)		 DEFINE_XARRAY_FLAGS(name, 0)
#define DEFINE_XARRAY_ALLOC(name)	 DEFINE_XARRAY_FLAGS(name, XA_FLAGS_ALLOC)
#define DEFINE_XARRAY_ALLOC1(name)	 DEFINE_XARRAY_FLAGS(name, XA_FLAGS_ALLOC1)

#define xa_trylock(xa)			spin_trylock(&(xa)->xa_lock)
#define xa_lock(xa)			spin_lock(&(xa)->xa_lock)
#define xa_unlock(xa)			spin_unlock(&(xa)->xa_lock)
#define xa_lock_bh(xa)			spin_lock_bh(&(xa)->xa_lock)
#define xa_unlock_bh(xa)		spin_unlock_bh(&(xa)->xa_lock)
#define xa_lock_irq(xa)			spin_lock_irq(&(xa)->xa_lock)
#define xa_unlock_irq(xa)		spin_unlock_irq(&(xa)->xa_lock)
#define xa_lock_irqsave(xa, flags)	spin_lock_irqsave(&(xa)->xa_lock, flags)
#define xa_unlock_irqrestore(xa, flags) spin_unlock_irqrestore(&(xa)->xa_lock, flags)

static __always_inline void *xa_mk_value(unsigned long v)
{
	return (void *)((v << 1) | 1);
}

static __always_inline unsigned long xa_to_value(const void *entry)
{
	return (unsigned long)entry >> 1;
}

static __always_inline bool xa_is_value(const void *entry)
{
	return (unsigned long)entry & 1;
}

static __always_inline bool xa_is_zero(const void *entry)
{
	return unlikely(entry == XA_ZERO_ENTRY);
}

/* Errors of the functions that return an entry are a kind of entry: the error number in bits 2 and
 * up, 2 below. */
static __always_inline void *__xa_mk_err(int error)
{
	return (void *)(((long)error * 4) | 2);
}

static __always_inline bool xa_is_err(const void *entry)
{
	return ((unsigned long)entry & 3) == 2 && (long)entry < 0 && (long)entry >= -MAX_ERRNO * 4L;
}

static __always_inline int xa_err(void *entry)
{
	return xa_is_err(entry) ? (int)((long)entry >> 2) : 0;
}

static inline void xa_init_flags(struct xarray *xa, gfp_t flags)
{
	spin_lock_init(&xa->xa_lock);
	xa->xa_flags = flags;
	xa->xa_head = NULL;
}

static inline void xa_init(struct xarray *xa)
{
	xa_init_flags(xa, 0);
}

static inline bool xa_empty(const struct xarray *xa)
{
	return READ_ONCE(xa->xa_head) == NULL;
}

static __always_inline void *__xa_visible(void *entry)
{
	return xa_is_zero(entry) ? NULL : entry;
}

static inline void *xa_load(struct xarray *xa, unsigned long index)
{
	void *entry;

	rcu_read_lock();
	entry = radix_slots_load(&xa->xa_head, index);
	rcu_read_unlock();
	return __xa_visible(entry);
}

/* The entry before, NULL or an error entry. Requires: the array's lock; `gfp` must not allow
 * sleeping. */
static inline void *__xa_store_locked(struct xarray *xa, unsigned long index, void *entry)
{
	void *old;
	int error;

	if (!entry && (xa->xa_flags & XA_FLAGS_TRACK_FREE))
		entry = XA_ZERO_ENTRY;
	error = radix_slots_store(&xa->xa_head, index, entry, GFP_NOWAIT, &old);
	return error ? __xa_mk_err(error) : __xa_visible(old);
}

static inline void *__xa_erase(struct xarray *xa, unsigned long index)
{
	void *old;

	radix_slots_store(&xa->xa_head, index, NULL, 0, &old);
	return __xa_visible(old);
}

static inline void *__xa_store(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp)
{
	(void)gfp;
	return __xa_store_locked(xa, index, entry);
}

/* Stores when the entry there is `old`; gives the entry that was there. */
static inline void *__xa_cmpxchg(struct xarray *xa, unsigned long index, void *old, void *entry,
				 gfp_t gfp)
{
	void *found = __xa_visible(radix_slots_load(&xa->xa_head, index));

	return found == old ? __xa_store(xa, index, entry, gfp) : found;
}

/* Stores when nothing is there: 0, -EBUSY or -ENOMEM. */
static inline int __xa_insert(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp)
{
	if (radix_slots_load(&xa->xa_head, index))
		return -EBUSY;
	return xa_err(__xa_store(xa, index, entry ? entry : XA_ZERO_ENTRY, gfp));
}

/* Stores at the first free index within the limit: 0, -EBUSY, -ENOMEM. */
static inline int __xa_alloc(struct xarray *xa, u32 *id, void *entry, struct xa_limit limit,
			     gfp_t gfp)
{
	unsigned long index = limit.min;

	if (WARN_ON_ONCE(!(xa->xa_flags & XA_FLAGS_TRACK_FREE)))
		return -EINVAL;
	if (index == 0 && (xa->xa_flags & XA_FLAGS_ZERO_BUSY))
		index = 1;
	if (radix_slots_find_free(&xa->xa_head, &index, limit.max))
		return -EBUSY;
	*id = (u32)index;
	return xa_err(__xa_store(xa, index, entry ? entry : XA_ZERO_ENTRY, gfp));
}

/* As __xa_alloc(), from *next on; 1 after wrapping around. */
static inline int __xa_alloc_cyclic(struct xarray *xa, u32 *id, void *entry, struct xa_limit limit,
				    u32 *next, gfp_t gfp)
{
	struct xa_limit rest = limit;
	bool wrapped = false;
	int error;

	if (*next > limit.min)
		rest.min = *next;
	error = __xa_alloc(xa, id, entry, rest, gfp);
	if (error == -EBUSY && rest.min > limit.min) {
		wrapped = true;
		error = __xa_alloc(xa, id, entry, limit, gfp);
	}
	if (error)
		return error;
	*next = *id + 1;
	return wrapped ? 1 : 0;
}

static inline int __xa_reserve(struct xarray *xa, unsigned long index, gfp_t gfp)
{
	if (radix_slots_load(&xa->xa_head, index))
		return 0;
	return xa_err(__xa_store(xa, index, XA_ZERO_ENTRY, gfp));
}

/*
 * The forms that take the lock: plain, _bh and _irq. Nodes are allocated under the lock; the check
 * that the caller may sleep, if `gfp` says so, comes before it.
 */
#define __KLOOM_XA_LOCKED(name, lock_suffix, type, parameters, arguments)                          \
	static inline type xa_##name##lock_suffix parameters                                       \
	{                                                                                          \
		type result;                                                                       \
		might_sleep_if(gfpflags_allow_blocking(gfp));                                      \
		xa_lock##lock_suffix(xa);                                                          \
		result = __xa_##name arguments;                                                    \
		xa_unlock##lock_suffix(xa);                                                        \
		return result;                                                                     \
	}
#define __KLOOM_XA_FAMILY(lock_suffix)                                                             \
	__KLOOM_XA_LOCKED(store, lock_suffix, void *,                                              \
			  (struct xarray * xa, unsigned long index, void *entry, gfp_t gfp),       \
			  (xa, index, entry, gfp))                                                 \
	__KLOOM_XA_LOCKED(                                                                         \
		cmpxchg, lock_suffix, void *,                                                      \
		(struct xarray * xa, unsigned long index, void *old, void *entry, gfp_t gfp),      \
		(xa, index, old, entry, gfp))                                                      \
	__KLOOM_XA_LOCKED(insert, lock_suffix, int,                                                \
			  (struct xarray * xa, unsigned long index, void *entry, gfp_t gfp),       \
			  (xa, index, entry, gfp))                                                 \
	__KLOOM_XA_LOCKED(                                                                         \
		alloc, lock_suffix, int,                                                           \
		(struct xarray * xa, u32 * id, void *entry, struct xa_limit limit, gfp_t gfp),     \
		(xa, id, entry, limit, gfp))                                                       \
	__KLOOM_XA_LOCKED(alloc_cyclic, lock_suffix, int,                                          \
			  (struct xarray * xa, u32 * id, void *entry, struct xa_limit limit,       \
			   u32 *next, gfp_t gfp),                                                  \
			  (xa, id, entry, limit, next, gfp))                                       \
	__KLOOM_XA_LOCKED(reserve, lock_suffix, int,                                               \
			  (struct xarray * xa, unsigned long index, gfp_t gfp), (xa, index, gfp))  \
	static inline void *xa_erase##lock_suffix(struct xarray *xa, unsigned long index)          \
	{                                                                                          \
		void *old;                                                                         \
		xa_lock##lock_suffix(xa);                                                          \
		old = __xa_erase(xa, index);                                                       \
		xa_unlock##lock_suffix(xa);                                                        \
		return old;                                                                        \
	}
__KLOOM_XA_FAMILY()
__KLOOM_XA_FAMILY(_bh)
__KLOOM_XA_FAMILY(_irq)

/* Gives back an index that xa_reserve() took and that has no entry. */
static inline void xa_release(struct xarray *xa, unsigned long index)
{
	xa_lock(xa);
	if (xa_is_zero(radix_slots_load(&xa->xa_head, index)))
		__xa_erase(xa, index);
	xa_unlock(xa);
}

static inline bool __xa_marked(struct xarray *xa, unsigned long index, xa_mark_t mark)
{
	struct radix_slots_node *leaf = __radix_slots_leaf(&xa->xa_head, index);

	return leaf && (READ_ONCE(leaf->marks[mark]) & (1U << (index & (RADIX_SLOTS_SIZE - 1))));
}

static inline void *__xa_find(struct xarray *xa, unsigned long *indexp, unsigned long max,
			      xa_mark_t filter)
{
	unsigned long index = *indexp;
	void *entry;

	rcu_read_lock();
	while ((entry = radix_slots_find(&xa->xa_head, &index, max)) &&
	       (xa_is_zero(entry) || (filter != XA_PRESENT && !__xa_marked(xa, index, filter)))) {
		entry = NULL;
		if (++index == 0)
			break;
	}
	rcu_read_unlock();
	if (entry)
		*indexp = index;
	return entry;
}

/* The first entry from *index up to `max`; *index becomes its index. */
static inline void *xa_find(struct xarray *xa, unsigned long *indexp, unsigned long max,
			    xa_mark_t filter)
{
	return __xa_find(xa, indexp, max, filter);
}

static inline void *xa_find_after(struct xarray *xa, unsigned long *indexp, unsigned long max,
				  xa_mark_t filter)
{
	unsigned long index = *indexp + 1;
	void *entry = index ? __xa_find(xa, &index, max, filter) : NULL;

	if (entry)
		*indexp = index;
	return entry;
}

#define xa_for_each_range(xa, index, entry, start, last)                                           \
	for (index = start, entry = (__typeof__(entry))xa_find(xa, &index, last, XA_PRESENT);      \
	     entry; entry = (__typeof__(entry))xa_find_after(xa, &index, last, XA_PRESENT))
#define xa_for_each_start(xa, index, entry, start)                                                 \
	xa_for_each_range(xa, index, entry, start, ULONG_MAX)
#define xa_for_each(xa, index, entry) xa_for_each_start(xa, index, entry, 0)
#define xa_for_each_marked(xa, index, entry, filter)                                               \
	for (index = 0, entry = (__typeof__(entry))xa_find(xa, &index, ULONG_MAX, filter); entry;  \
	     entry = (__typeof__(entry))xa_find_after(xa, &index, ULONG_MAX, filter))

static inline bool xa_get_mark(struct xarray *xa, unsigned long index, xa_mark_t mark)
{
	bool marked;

	rcu_read_lock();
	marked = radix_slots_load(&xa->xa_head, index) && __xa_marked(xa, index, mark);
	rcu_read_unlock();
	return marked;
}

static inline void __xa_change_mark(struct xarray *xa, unsigned long index, xa_mark_t mark,
				    bool set)
{
	struct radix_slots_node *leaf = __radix_slots_leaf(&xa->xa_head, index);
	u16 bit = (u16)(1U << (index & (RADIX_SLOTS_SIZE - 1)));

	if (leaf && leaf->slots[index & (RADIX_SLOTS_SIZE - 1)])
		WRITE_ONCE(leaf->marks[mark],
			   (u16)(set ? leaf->marks[mark] | bit : leaf->marks[mark] & ~bit));
}

static inline void xa_set_mark(struct xarray *xa, unsigned long index, xa_mark_t mark)
{
	xa_lock(xa);
	__xa_change_mark(xa, index, mark, true);
	xa_unlock(xa);
}

static inline void xa_clear_mark(struct xarray *xa, unsigned long index, xa_mark_t mark)
{
	xa_lock(xa);
	__xa_change_mark(xa, index, mark, false);
	xa_unlock(xa);
}

static inline bool xa_marked(struct xarray *xa, xa_mark_t mark)
{
	unsigned long index = 0;

	return __xa_find(xa, &index, ULONG_MAX, mark) != NULL;
}

/* Copies up to `n` entries from `start` to `max`; the number of them. */
static inline unsigned int xa_extract(struct xarray *xa, void **dst, unsigned long start,
				      unsigned long max, unsigned int n, xa_mark_t filter)
{
	unsigned long index = start;
	unsigned int i = 0;
	void *entry;

	for (entry = xa_find(xa, &index, max, filter); entry && i < n;
	     entry = xa_find_after(xa, &index, max, filter))
		dst[i++] = entry;
	return i;
}

/* Frees the array's own memory; the entries stay with their owner. */
static inline void xa_destroy(struct xarray *xa)
{
	unsigned long flags;

	xa_lock_irqsave(xa, flags);
	radix_slots_destroy(&xa->xa_head);
	xa_unlock_irqrestore(xa, flags);
}
