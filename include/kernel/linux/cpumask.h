/*
 * Sets of CPUs. A struct cpumask has room for NR_CPUS; operations touch only the bits of the
 * nr_cpu_ids CPUs that can exist.
 */
#pragma once

#include <linux/bitmap.h>
#include <linux/bug.h>
#include <linux/kernel.h>
#include <linux/threads.h>
#include <linux/types.h>

typedef struct cpumask {
	DECLARE_BITMAP(bits, NR_CPUS);
} cpumask_t;

/* As in Debian's kernel: a pointer, which alloc_cpumask_var() fills. */
typedef struct cpumask *cpumask_var_t;

KLOOM_BEGIN_DECLS
extern unsigned int nr_cpu_ids;
extern struct cpumask __cpu_possible_mask;
extern struct cpumask __cpu_online_mask;
extern struct cpumask __cpu_present_mask;
extern struct cpumask __cpu_active_mask;
extern const struct cpumask cpu_all_bits_mask;

/* A mask that free_cpumask_var() frees; false when there is no memory. Context: as kmalloc(). */
extern bool alloc_cpumask_var(cpumask_var_t *mask, gfp_t flags);
extern bool alloc_cpumask_var_node(cpumask_var_t *mask, gfp_t flags, int node);
extern bool zalloc_cpumask_var(cpumask_var_t *mask, gfp_t flags);
extern bool zalloc_cpumask_var_node(cpumask_var_t *mask, gfp_t flags, int node);
extern void free_cpumask_var(cpumask_var_t mask);

/* The mask that has only this CPU. Context: any. */
extern const struct cpumask *cpumask_of(unsigned int cpu);
/* "0-3,5" as a mask: 0 or a negative error number. */
extern int cpulist_parse(const char *buf, struct cpumask *dstp);
extern int cpumask_parse(const char *buf, struct cpumask *dstp);
KLOOM_END_DECLS

#define nr_cpumask_bits		nr_cpu_ids
#define cpumask_bits(maskp)	((maskp)->bits)
#define cpumask_pr_args(maskp)	nr_cpu_ids, cpumask_bits(maskp)
#define cpumask_available(mask) ((mask) != NULL)
#define cpumask_size()		(BITS_TO_LONGS(nr_cpumask_bits) * sizeof(long))

#define cpu_possible_mask ((const struct cpumask *)&__cpu_possible_mask)
#define cpu_online_mask	  ((const struct cpumask *)&__cpu_online_mask)
#define cpu_present_mask  ((const struct cpumask *)&__cpu_present_mask)
#define cpu_active_mask	  ((const struct cpumask *)&__cpu_active_mask)
#define cpu_all_mask	  (&cpu_all_bits_mask)

static __always_inline void cpumask_set_cpu(unsigned int cpu, struct cpumask *dstp)
{
	set_bit(cpu, cpumask_bits(dstp));
}

static __always_inline void __cpumask_set_cpu(unsigned int cpu, struct cpumask *dstp)
{
	__set_bit(cpu, cpumask_bits(dstp));
}

static __always_inline void cpumask_clear_cpu(int cpu, struct cpumask *dstp)
{
	clear_bit(cpu, cpumask_bits(dstp));
}

static __always_inline void __cpumask_clear_cpu(int cpu, struct cpumask *dstp)
{
	__clear_bit(cpu, cpumask_bits(dstp));
}

static __always_inline bool cpumask_test_cpu(int cpu, const struct cpumask *cpumask)
{
	return test_bit(cpu, cpumask_bits(cpumask));
}

static __always_inline bool cpumask_test_and_set_cpu(int cpu, struct cpumask *cpumask)
{
	return test_and_set_bit(cpu, cpumask_bits(cpumask));
}

static __always_inline bool cpumask_test_and_clear_cpu(int cpu, struct cpumask *cpumask)
{
	return test_and_clear_bit(cpu, cpumask_bits(cpumask));
}

static __always_inline void cpumask_setall(struct cpumask *dstp)
{
	bitmap_fill(cpumask_bits(dstp), nr_cpumask_bits);
}

static __always_inline void cpumask_clear(struct cpumask *dstp)
{
	bitmap_zero(cpumask_bits(dstp), nr_cpumask_bits);
}

static __always_inline bool cpumask_and(struct cpumask *dstp, const struct cpumask *src1p,
					const struct cpumask *src2p)
{
	return bitmap_and(cpumask_bits(dstp), cpumask_bits(src1p), cpumask_bits(src2p),
			  nr_cpumask_bits);
}

static __always_inline void cpumask_or(struct cpumask *dstp, const struct cpumask *src1p,
				       const struct cpumask *src2p)
{
	bitmap_or(cpumask_bits(dstp), cpumask_bits(src1p), cpumask_bits(src2p), nr_cpumask_bits);
}

static __always_inline void cpumask_xor(struct cpumask *dstp, const struct cpumask *src1p,
					const struct cpumask *src2p)
{
	bitmap_xor(cpumask_bits(dstp), cpumask_bits(src1p), cpumask_bits(src2p), nr_cpumask_bits);
}

static __always_inline bool cpumask_andnot(struct cpumask *dstp, const struct cpumask *src1p,
					   const struct cpumask *src2p)
{
	return bitmap_andnot(cpumask_bits(dstp), cpumask_bits(src1p), cpumask_bits(src2p),
			     nr_cpumask_bits);
}

static __always_inline void cpumask_complement(struct cpumask *dstp, const struct cpumask *srcp)
{
	bitmap_complement(cpumask_bits(dstp), cpumask_bits(srcp), nr_cpumask_bits);
}

static __always_inline bool cpumask_equal(const struct cpumask *src1p, const struct cpumask *src2p)
{
	return bitmap_equal(cpumask_bits(src1p), cpumask_bits(src2p), nr_cpumask_bits);
}

static __always_inline bool cpumask_intersects(const struct cpumask *src1p,
					       const struct cpumask *src2p)
{
	return bitmap_intersects(cpumask_bits(src1p), cpumask_bits(src2p), nr_cpumask_bits);
}

static __always_inline bool cpumask_subset(const struct cpumask *src1p, const struct cpumask *src2p)
{
	return bitmap_subset(cpumask_bits(src1p), cpumask_bits(src2p), nr_cpumask_bits);
}

static __always_inline bool cpumask_empty(const struct cpumask *srcp)
{
	return bitmap_empty(cpumask_bits(srcp), nr_cpumask_bits);
}

static __always_inline bool cpumask_full(const struct cpumask *srcp)
{
	return bitmap_full(cpumask_bits(srcp), nr_cpumask_bits);
}

static __always_inline unsigned int cpumask_weight(const struct cpumask *srcp)
{
	return bitmap_weight(cpumask_bits(srcp), nr_cpumask_bits);
}

static __always_inline void cpumask_copy(struct cpumask *dstp, const struct cpumask *srcp)
{
	bitmap_copy(cpumask_bits(dstp), cpumask_bits(srcp), nr_cpumask_bits);
}

static __always_inline void cpumask_shift_right(struct cpumask *dstp, const struct cpumask *srcp,
						int n)
{
	bitmap_shift_right(cpumask_bits(dstp), cpumask_bits(srcp), (unsigned int)n,
			   nr_cpumask_bits);
}

static __always_inline void cpumask_shift_left(struct cpumask *dstp, const struct cpumask *srcp,
					       int n)
{
	bitmap_shift_left(cpumask_bits(dstp), cpumask_bits(srcp), (unsigned int)n, nr_cpumask_bits);
}

/* A CPU of the mask, or at least nr_cpu_ids. `n` is -1 to begin. */
static __always_inline unsigned int cpumask_first(const struct cpumask *srcp)
{
	return (unsigned int)find_first_bit(cpumask_bits(srcp), nr_cpumask_bits);
}

static __always_inline unsigned int cpumask_first_zero(const struct cpumask *srcp)
{
	return (unsigned int)find_first_zero_bit(cpumask_bits(srcp), nr_cpumask_bits);
}

static __always_inline unsigned int cpumask_first_and(const struct cpumask *srcp1,
						      const struct cpumask *srcp2)
{
	return (unsigned int)find_first_and_bit(cpumask_bits(srcp1), cpumask_bits(srcp2),
						nr_cpumask_bits);
}

static __always_inline unsigned int cpumask_last(const struct cpumask *srcp)
{
	return (unsigned int)find_last_bit(cpumask_bits(srcp), nr_cpumask_bits);
}

static __always_inline unsigned int cpumask_next(int n, const struct cpumask *srcp)
{
	return (unsigned int)find_next_bit(cpumask_bits(srcp), nr_cpumask_bits,
					   (unsigned long)(n + 1));
}

static __always_inline unsigned int cpumask_next_zero(int n, const struct cpumask *srcp)
{
	return (unsigned int)find_next_zero_bit(cpumask_bits(srcp), nr_cpumask_bits,
						(unsigned long)(n + 1));
}

static __always_inline unsigned int cpumask_next_and(int n, const struct cpumask *src1p,
						     const struct cpumask *src2p)
{
	return (unsigned int)find_next_and_bit(cpumask_bits(src1p), cpumask_bits(src2p),
					       nr_cpumask_bits, (unsigned long)(n + 1));
}

static __always_inline unsigned int cpumask_nth(unsigned int cpu, const struct cpumask *srcp)
{
	return (unsigned int)find_nth_bit(cpumask_bits(srcp), nr_cpumask_bits, cpu);
}

#define cpumask_any(srcp)	      cpumask_first(srcp)
#define cpumask_any_and(mask1, mask2) cpumask_first_and((mask1), (mask2))

static inline unsigned int cpumask_any_but(const struct cpumask *mask, unsigned int cpu)
{
	unsigned int i = cpumask_first(mask);

	return i == cpu ? cpumask_next((int)i, mask) : i;
}

#define for_each_cpu(cpu, mask)                                                                    \
	for ((cpu) = -1;                                                                           \
	     (cpu) = cpumask_next((int)(cpu), (mask)), (unsigned int)(cpu) < nr_cpu_ids;)
#define for_each_cpu_not(cpu, mask)                                                                \
	for ((cpu) = -1;                                                                           \
	     (cpu) = cpumask_next_zero((int)(cpu), (mask)), (unsigned int)(cpu) < nr_cpu_ids;)
#define for_each_cpu_and(cpu, mask1, mask2)                                                        \
	for ((cpu) = -1; (cpu) = cpumask_next_and((int)(cpu), (mask1), (mask2)),                   \
	    (unsigned int)(cpu) < nr_cpu_ids;)
#define for_each_cpu_wrap(cpu, mask, start)                                                        \
	for (unsigned int __wrap_n = 0;                                                            \
	     __wrap_n < cpumask_weight(mask) &&                                                    \
	     ((cpu) = (unsigned int)find_next_bit_wrap(cpumask_bits(mask), nr_cpumask_bits,        \
						       __wrap_n ? (unsigned long)(cpu) + 1         \
								: (unsigned long)(start)),         \
	     1);                                                                                   \
	     __wrap_n++)
#define for_each_possible_cpu(cpu) for_each_cpu((cpu), cpu_possible_mask)
#define for_each_online_cpu(cpu)   for_each_cpu((cpu), cpu_online_mask)
#define for_each_present_cpu(cpu)  for_each_cpu((cpu), cpu_present_mask)

#define num_online_cpus()   cpumask_weight(cpu_online_mask)
#define num_possible_cpus() cpumask_weight(cpu_possible_mask)
#define num_present_cpus()  cpumask_weight(cpu_present_mask)
#define num_active_cpus()   cpumask_weight(cpu_active_mask)
#define cpu_online(cpu)	    cpumask_test_cpu((int)(cpu), cpu_online_mask)
#define cpu_possible(cpu)   cpumask_test_cpu((int)(cpu), cpu_possible_mask)
#define cpu_present(cpu)    cpumask_test_cpu((int)(cpu), cpu_present_mask)
#define cpu_active(cpu)	    cpumask_test_cpu((int)(cpu), cpu_active_mask)
#define cpu_is_offline(cpu) unlikely(!cpu_online(cpu))

/* Text for a sysfs or procfs file: a list ("0-3\n") or hexadecimal groups. */
static inline ssize_t cpumap_print_to_pagebuf(bool list, char *buf, const struct cpumask *mask)
{
	return bitmap_print_to_pagebuf(list, buf, cpumask_bits(mask), (int)nr_cpu_ids);
}
