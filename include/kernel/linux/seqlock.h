/*
 * Sequence counters and locks: readers never wait for a lock, they look at a counter before and
 * after and try again when a writer was there. The counter is odd while a writer is at work.
 *
 * The readers' accesses race with the writers' by design. Between begin and retry (readers) and
 * between begin and end (writers) the accesses of the path count as marked, so that they are no
 * data race among themselves; a plain access from elsewhere still is.
 *
 * Context: any. Writers need preemption off and a lock against each other; seqlock_t brings both.
 */
#pragma once

#include <asm/barrier.h>
#include <linux/compiler.h>
#include <linux/kcsan-checks.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/preempt.h>
#include <linux/spinlock.h>

typedef struct seqcount {
	unsigned int sequence;
	struct lockdep_map dep_map;
} seqcount_t;

KLOOM_BEGIN_DECLS
/* Between them the accesses of the path count as marked. Nest. */
extern void kloom_condition_begin(void);
extern void kloom_condition_end(void);
/* The same for a reader. One that gives up does not say so: after 1,000 accesses it has. */
extern void kloom_sequence_read_begin(void);
extern void kloom_sequence_read_end(void);
KLOOM_END_DECLS

#define SEQCNT_ZERO(name)                                                                          \
	{                                                                                          \
		.sequence = 0, .dep_map = KLOOM_STATIC_LOCK_MAP(name)                              \
	}

/*
 * Counters with the type of the lock of their writers. Each begins with a seqcount_t, whose
 * `sequence` is also a member, as it was before 5.9.
 */
#define __KLOOM_SEQCOUNT_LOCKNAME(lockname, locktype)                                              \
	typedef struct seqcount_##lockname {                                                       \
		union {                                                                            \
			seqcount_t seqcount;                                                       \
			unsigned int sequence;                                                     \
		};                                                                                 \
	} seqcount_##lockname##_t;                                                                 \
	static __always_inline void seqcount_##lockname##_init(seqcount_##lockname##_t *s,         \
							       locktype *lock)                     \
	{                                                                                          \
		(void)lock;                                                                        \
		s->seqcount.sequence = 0;                                                          \
	}
__KLOOM_SEQCOUNT_LOCKNAME(raw_spinlock, raw_spinlock_t)
__KLOOM_SEQCOUNT_LOCKNAME(spinlock, spinlock_t)
__KLOOM_SEQCOUNT_LOCKNAME(rwlock, rwlock_t)
__KLOOM_SEQCOUNT_LOCKNAME(mutex, struct mutex)

#define __KLOOM_SEQCOUNT_ZERO(name)                                                                \
	{                                                                                          \
		{                                                                                  \
			.seqcount = SEQCNT_ZERO(name.seqcount)                                     \
		}                                                                                  \
	}
#define SEQCNT_RAW_SPINLOCK_ZERO(name, lock) __KLOOM_SEQCOUNT_ZERO(name)
#define SEQCNT_SPINLOCK_ZERO(name, lock)     __KLOOM_SEQCOUNT_ZERO(name)
#define SEQCNT_RWLOCK_ZERO(name, lock)	     __KLOOM_SEQCOUNT_ZERO(name)
#define SEQCNT_MUTEX_ZERO(name, lock)	     __KLOOM_SEQCOUNT_ZERO(name)

static __always_inline void kloom_seqcount_init(seqcount_t *s, const char *name)
{
	s->sequence = 0;
	s->dep_map.key = NULL;
	s->dep_map.name = name;
}
#define seqcount_init(s) kloom_seqcount_init(s, #s)

/* A reader waits here while a writer is at work. */
static __always_inline unsigned int kloom_seqcount_begin(const seqcount_t *s)
{
	unsigned int start;

	while ((start = smp_load_acquire(&s->sequence)) & 1)
		cpu_relax();
	kloom_sequence_read_begin();
	return start;
}

static __always_inline int kloom_seqcount_retry(const seqcount_t *s, unsigned int start)
{
	kloom_sequence_read_end();
	smp_rmb();
	return unlikely(READ_ONCE(s->sequence) != start);
}

/* For readers that decide for themselves what an odd number means. */
static __always_inline unsigned int kloom_seqcount_raw_read(const seqcount_t *s)
{
	unsigned int start = smp_load_acquire(&s->sequence);

	kloom_sequence_read_begin();
	return start;
}

/* The increment is a plain one: two writers at once are a data race. */
static __always_inline void kloom_seqcount_write_begin(seqcount_t *s)
{
	s->sequence++;
	smp_wmb();
	kloom_condition_begin();
}

static __always_inline void kloom_seqcount_write_end(seqcount_t *s)
{
	kloom_condition_end();
	smp_store_release(&s->sequence, s->sequence + 1);
}

/* All kinds of counters begin with a seqcount_t. */
#define __kloom_seqcount(s) ((seqcount_t *)(s))

#define read_seqcount_begin(s)		kloom_seqcount_begin(__kloom_seqcount(s))
#define __read_seqcount_begin(s)	read_seqcount_begin(s)
#define raw_read_seqcount_begin(s)	read_seqcount_begin(s)
#define raw_read_seqcount(s)		kloom_seqcount_raw_read(__kloom_seqcount(s))
#define read_seqcount_retry(s, start)	kloom_seqcount_retry(__kloom_seqcount(s), start)
#define __read_seqcount_retry(s, start) read_seqcount_retry(s, start)

#define raw_write_seqcount_begin(s)		 kloom_seqcount_write_begin(__kloom_seqcount(s))
#define raw_write_seqcount_end(s)		 kloom_seqcount_write_end(__kloom_seqcount(s))
#define write_seqcount_begin(s)			 raw_write_seqcount_begin(s)
#define write_seqcount_begin_nested(s, subclass) raw_write_seqcount_begin(s)
#define write_seqcount_end(s)			 raw_write_seqcount_end(s)
#define write_seqcount_invalidate(s)		 ((void)(__kloom_seqcount(s)->sequence += 2))
/* Makes readers that are at work try again, without a region of its own. */
#define raw_write_seqcount_barrier(s) ((void)(__kloom_seqcount(s)->sequence += 2))

typedef struct {
	/* Under both layouts of Linux: seqcount.sequence before 5.9, seqcount.seqcount.sequence
	 * since. */
	seqcount_spinlock_t seqcount;
	spinlock_t lock;
} seqlock_t;

#define __SEQLOCK_UNLOCKED(lockname)                                                               \
	{                                                                                          \
		.seqcount = __KLOOM_SEQCOUNT_ZERO(lockname.seqcount),                              \
		.lock = __SPIN_LOCK_INITIALIZER(lockname.lock)                                     \
	}
#define DEFINE_SEQLOCK(sl) seqlock_t sl = __SEQLOCK_UNLOCKED(sl)
#define seqlock_init(sl)                                                                           \
	do {                                                                                       \
		spin_lock_init(&(sl)->lock);                                                       \
		kloom_seqcount_init(&(sl)->seqcount.seqcount, #sl);                                \
	} while (0)

static __always_inline unsigned int read_seqbegin(const seqlock_t *sl)
{
	return kloom_seqcount_begin(&sl->seqcount.seqcount);
}

static __always_inline unsigned int read_seqretry(const seqlock_t *sl, unsigned int start)
{
	return (unsigned int)kloom_seqcount_retry(&sl->seqcount.seqcount, start);
}

static __always_inline void write_seqlock(seqlock_t *sl)
{
	spin_lock(&sl->lock);
	kloom_seqcount_write_begin(&sl->seqcount.seqcount);
}

static __always_inline void write_sequnlock(seqlock_t *sl)
{
	kloom_seqcount_write_end(&sl->seqcount.seqcount);
	spin_unlock(&sl->lock);
}

static __always_inline void write_seqlock_bh(seqlock_t *sl)
{
	spin_lock_bh(&sl->lock);
	kloom_seqcount_write_begin(&sl->seqcount.seqcount);
}

static __always_inline void write_sequnlock_bh(seqlock_t *sl)
{
	kloom_seqcount_write_end(&sl->seqcount.seqcount);
	spin_unlock_bh(&sl->lock);
}

static __always_inline void write_seqlock_irq(seqlock_t *sl)
{
	spin_lock_irq(&sl->lock);
	kloom_seqcount_write_begin(&sl->seqcount.seqcount);
}

static __always_inline void write_sequnlock_irq(seqlock_t *sl)
{
	kloom_seqcount_write_end(&sl->seqcount.seqcount);
	spin_unlock_irq(&sl->lock);
}

static __always_inline unsigned long __write_seqlock_irqsave(seqlock_t *sl)
{
	unsigned long flags;

	spin_lock_irqsave(&sl->lock, flags);
	kloom_seqcount_write_begin(&sl->seqcount.seqcount);
	return flags;
}
#define write_seqlock_irqsave(lock, flags)                                                         \
	do {                                                                                       \
		flags = __write_seqlock_irqsave(lock);                                             \
	} while (0)

static __always_inline void write_sequnlock_irqrestore(seqlock_t *sl, unsigned long flags)
{
	kloom_seqcount_write_end(&sl->seqcount.seqcount);
	spin_unlock_irqrestore(&sl->lock, flags);
}

/* Readers that keep writers and each other out and need no retry. */
#define read_seqlock_excl(sl)			  spin_lock(&(sl)->lock)
#define read_sequnlock_excl(sl)			  spin_unlock(&(sl)->lock)
#define read_seqlock_excl_bh(sl)		  spin_lock_bh(&(sl)->lock)
#define read_sequnlock_excl_bh(sl)		  spin_unlock_bh(&(sl)->lock)
#define read_seqlock_excl_irq(sl)		  spin_lock_irq(&(sl)->lock)
#define read_sequnlock_excl_irq(sl)		  spin_unlock_irq(&(sl)->lock)
#define read_seqlock_excl_irqsave(sl, flags)	  spin_lock_irqsave(&(sl)->lock, flags)
#define read_sequnlock_excl_irqrestore(sl, flags) spin_unlock_irqrestore(&(sl)->lock, flags)

/* A lockless try when `*seq` is even, with the lock when it is odd. */
static __always_inline void read_seqbegin_or_lock(seqlock_t *lock, int *seq)
{
	if (!(*seq & 1))
		*seq = (int)read_seqbegin(lock);
	else
		read_seqlock_excl(lock);
}

static __always_inline int need_seqretry(seqlock_t *lock, int seq)
{
	return !(seq & 1) && read_seqretry(lock, (unsigned int)seq);
}

static __always_inline void done_seqretry(seqlock_t *lock, int seq)
{
	if (seq & 1)
		read_sequnlock_excl(lock);
}
