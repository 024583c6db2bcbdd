/*
 * kloom's machine: every CPU of the operating system is a kernel thread that is bound to a CPU. Time stands still,
 * blocks are read at once, and each process has a few rounds to do (module.c).
 */
#pragma once

#include <linux/bitops.h>
#include <linux/bug.h>
#include <linux/panic.h>
#include <linux/percpu.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#define OS_CPUS_MAX 8

struct os_lock {
	spinlock_t lock;
};

/* Each class has a spin_lock_init() of its own, by which the kernel tells classes apart. */
static inline void os_lock_init(struct os_lock *lock, enum os_region region)
{
	switch (region) {
	case OS_SCHEDULER:
		spin_lock_init(&lock->lock);
		break;
	case OS_MEMORY:
		spin_lock_init(&lock->lock);
		break;
	case OS_FILES:
		spin_lock_init(&lock->lock);
		break;
	default:
		spin_lock_init(&lock->lock);
	}
}

static inline void os_lock(struct os_lock *lock)
{
	spin_lock(&lock->lock);
}

static inline void os_unlock(struct os_lock *lock)
{
	spin_unlock(&lock->lock);
}

static inline u32 os_this_cpu(void)
{
	return smp_processor_id();
}

static inline u64 os_now(void)
{
	return 0;
}

static inline void os_work(u64 ns)
{
	(void)ns;
}

static inline u64 os_work_interruptibly(u64 ns)
{
	return ns;
}

static inline u64 os_compute(u64 ns)
{
	return ns;
}

void os_provide(struct os *os);

bool os_idle(void);
void os_kick(u32 cpu);
enum os_next os_next_round(struct os_process *p);

static inline u32 os_home_of(u32 pid, u32 cpus)
{
	return pid % cpus;
}

static inline bool os_disk_read(struct os_process *p)
{
	(void)p;
	return false;
}

static inline struct os_process *os_completed(void)
{
	return NULL;
}

#define os_disk_write()                     do { } while (0)
#define os_start_timer(p)                   do { } while (0)
#define os_note_ready(p)                    do { } while (0)
#define os_note_dispatched(p)               do { } while (0)
#define os_note_round(p)                    do { } while (0)
#define os_note_sent(p)                     do { } while (0)
#define os_note_served(p)                   do { } while (0)
#define os_note_free_pages(change)          do { } while (0)
#define os_note_paging(pages)               do { } while (0)
#define os_note_read(block, version)        do { } while (0)
#define os_note_write(block)                0
#define os_disk_version(block)              0
#define os_note_written_back(block, version) do { } while (0)

#define OS_BUG_ON(condition, ...)                                                                  \
	do {                                                                                       \
		if (condition)                                                                     \
			panic(__VA_ARGS__);                                                        \
	} while (0)
