// SPDX-License-Identifier: MIT
// conformance: counting and finding bits in numbers that the compiler does not know: hweight, ffs, fls, ilog2, powers, signs
#include <linux/bitops.h>
#include <linux/bitrev.h>
#include <linux/bits.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/module.h>

static const u64 numbers[] = {
	0, 1, 2, 3, 7, 8, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff, 0x100000000,
	0x8000000000000000, 0x5555555555555555, 0xfffffffffffffffe, 0xffffffffffffffff, 0x123456789abcdef0};

static void count(u64 n)
{
	pr_info("%llx: weights %u %u %u %lu %lu, ffs %d fls %d fls64 %d fls_long %u\n", n, hweight8(n), hweight16(n), hweight32(n),
		(unsigned long)hweight64(n), hweight_long(n), ffs(n), fls(n), fls64(n), fls_long(n));
	if (n)
		pr_info("  __ffs %lu __fls %lu __ffs64 %lu ilog2 %d of 32 bits %d power %d up %lu down %lu\n", __ffs(n), __fls(n),
			(unsigned long)__ffs64(n), ilog2(n), (u32)n ? ilog2((u32)n) : -1, is_power_of_2(n),
			n <= 1UL << 63 ? roundup_pow_of_two(n) : 0, rounddown_pow_of_two(n));
	if (~n)
		pr_info("  ffz %lu", ffz(n));
	pr_cont(" order %d bits_per %d count order %d %d\n", n <= 1UL << 63 ? order_base_2(n) : -1, bits_per(n),
		get_count_order((u32)n), get_count_order_long(n));
}

static void turn(u64 n, unsigned int by)
{
	pr_info("rol %x %x %x %llx ror %x %x %x %llx by %u\n", rol8(n, by & 7), rol16(n, by & 15), rol32(n, by), rol64(n, by),
		ror8(n, by & 7), ror16(n, by & 15), ror32(n, by), ror64(n, by), by);
	pr_info("bitrev %x %x %x sign_extend %d %lld %d\n", bitrev8(n), bitrev16(n), bitrev32(n), sign_extend32(n, by & 31),
		sign_extend64(n, by & 63), sign_extend32(n, 7));
	pr_info("swab %x %x %llx swahw %x swahb %x\n", swab16(n), swab32(n), swab64(n), swahw32(n), swahb32(n));
	pr_info("be %x %x %llx le %x %x %llx\n", (__force u16)cpu_to_be16(n), (__force u32)cpu_to_be32(n), (__force u64)cpu_to_be64(n),
		(__force u16)cpu_to_le16(n), (__force u32)cpu_to_le32(n), (__force u64)cpu_to_le64(n));
}

static int __init bit_counts_init(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(numbers); i++) {
		u64 n = numbers[i];

		OPTIMIZER_HIDE_VAR(n);
		count(n);
	}
	for (i = 0; i < 64; i += 9)
		turn(0x123456789abcdef0, i);
	pr_info("BIT %lx BIT_ULL %llx GENMASK %lx %lx %llx MASK %lx WORD %d\n", BIT(5), BIT_ULL(40), GENMASK(7, 4), GENMASK(63, 0),
		GENMASK_ULL(39, 32), BIT_MASK(70), (int)BIT_WORD(70));
	pr_info("BITS_TO_LONGS %ld %ld %ld BITS_TO_BYTES %d\n", (long)BITS_TO_LONGS(0), (long)BITS_TO_LONGS(64),
		(long)BITS_TO_LONGS(65), (int)BITS_TO_BYTES(9));
	return 0;
}

static void __exit bit_counts_exit(void)
{
}

module_init(bit_counts_init);
module_exit(bit_counts_exit);
MODULE_LICENSE("Dual MIT/GPL");
