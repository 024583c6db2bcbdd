/*
 * The timed simulator's computer. One thing happens after another in virtual time, and time passes only in os_work(),
 * os_compute(), os_idle() and in waiting for a lock, so the kernel's marked accesses are plain ones here.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef uint32_t u32;
typedef uint64_t u64;
typedef int32_t s32;

#define OS_CPUS_MAX 4096

#define __percpu
#define READ_ONCE(x)                (x)
#define WRITE_ONCE(x, value)        ((x) = (value))
#define smp_store_release(p, value) (*(p) = (value))
#define xchg(p, value)              __atomic_exchange_n(p, value, __ATOMIC_RELAXED)
#define try_cmpxchg(p, old, value)                                                                 \
	__atomic_compare_exchange_n(p, old, value, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED)
#define per_cpu_ptr(array, cpu)     (&(array)[cpu])

void os_provide(struct os *os);

struct os_lock {
	u32 id; /* in the simulator's table */
};

void os_lock_init(struct os_lock *lock, enum os_region region);
void os_lock(struct os_lock *lock);
void os_unlock(struct os_lock *lock);

u32 os_this_cpu(void);
u64 os_now(void);
void os_work(u64 ns);
u64 os_work_interruptibly(u64 ns);
u64 os_compute(u64 ns);
bool os_idle(void);
void os_kick(u32 cpu);

bool os_disk_read(struct os_process *p); /* false: done already, nobody waits */
void os_disk_write(void);
void os_start_timer(struct os_process *p);
struct os_process *os_completed(void);
enum os_next os_next_round(struct os_process *p);
u32 os_home_of(u32 pid, u32 cpus);

void os_note_ready(struct os_process *p);
void os_note_dispatched(struct os_process *p);
void os_note_round(struct os_process *p);
void os_note_sent(struct os_process *p); /* to the master */
void os_note_served(struct os_process *p);
void os_note_free_pages(s32 change);
void os_note_paging(u32 pages);
void os_note_read(u32 block, u32 version);
u32 os_note_write(u32 block); /* returns the block's new version */
u32 os_disk_version(u32 block);
void os_note_written_back(u32 block, u32 version);

void os_panic(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));
#define OS_BUG_ON(condition, ...)                                                                  \
	do {                                                                                       \
		if (condition)                                                                     \
			os_panic(__VA_ARGS__);                                                     \
	} while (0)

static inline void set_bit(u32 bit, unsigned long *mask)
{
	mask[bit / 64] |= 1ul << (bit % 64);
}

static inline void clear_bit(u32 bit, unsigned long *mask)
{
	mask[bit / 64] &= ~(1ul << (bit % 64));
}

static inline bool test_and_clear_bit(u32 bit, unsigned long *mask)
{
	const unsigned long old = mask[bit / 64];

	mask[bit / 64] = old & ~(1ul << (bit % 64));
	return old >> (bit % 64) & 1;
}

#ifdef __cplusplus
}
#endif
