/*
 * Reader-writer semaphores whose read side is cheap on many CPUs. On the machine they differ from
 * struct rw_semaphore in name only.
 *
 * Context: task, may sleep.
 */
#pragma once

#include <linux/rwsem.h>

struct percpu_rw_semaphore {
	struct rw_semaphore kloom_rwsem;
};

KLOOM_BEGIN_DECLS
/* Whether a writer has the lock or waits for it. Context: any. */
extern bool kloom_rwsem_has_writer(struct rw_semaphore *sem);
KLOOM_END_DECLS

#define __PERCPU_RWSEM_INITIALIZER(name)                                                           \
	{                                                                                          \
		.kloom_rwsem = __RWSEM_INITIALIZER(name.kloom_rwsem)                               \
	}
#define DEFINE_PERCPU_RWSEM(name)	 struct percpu_rw_semaphore name = __PERCPU_RWSEM_INITIALIZER(name)
#define DEFINE_STATIC_PERCPU_RWSEM(name) static DEFINE_PERCPU_RWSEM(name)

/* Always 0: nothing is allocated. */
#define percpu_init_rwsem(sem)                                                                     \
	({                                                                                         \
		static struct lock_class_key __key;                                                \
		__init_rwsem(&(sem)->kloom_rwsem, #sem, &__key);                                   \
		0;                                                                                 \
	})

static __always_inline void percpu_down_read(struct percpu_rw_semaphore *sem)
{
	down_read(&sem->kloom_rwsem);
}

static __always_inline bool percpu_down_read_trylock(struct percpu_rw_semaphore *sem)
{
	return down_read_trylock(&sem->kloom_rwsem) != 0;
}

static __always_inline void percpu_up_read(struct percpu_rw_semaphore *sem)
{
	up_read(&sem->kloom_rwsem);
}

static __always_inline void percpu_down_write(struct percpu_rw_semaphore *sem)
{
	down_write(&sem->kloom_rwsem);
}

static __always_inline void percpu_up_write(struct percpu_rw_semaphore *sem)
{
	up_write(&sem->kloom_rwsem);
}

/* A writer counts as soon as it waits: no reader gets in from then on. */
static __always_inline bool percpu_is_write_locked(struct percpu_rw_semaphore *sem)
{
	return kloom_rwsem_has_writer(&sem->kloom_rwsem);
}

static __always_inline bool percpu_is_read_locked(struct percpu_rw_semaphore *sem)
{
	return rwsem_is_locked(&sem->kloom_rwsem) && !kloom_rwsem_has_writer(&sem->kloom_rwsem);
}

#define percpu_free_rwsem(sem)	      ((void)(sem))
#define percpu_rwsem_assert_held(sem) lockdep_assert_held(&(sem)->kloom_rwsem)
#define percpu_rwsem_is_held(sem)     lockdep_is_held(&(sem)->kloom_rwsem)
