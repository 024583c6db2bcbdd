// SPDX-License-Identifier: MIT
// conformance: arithmetic: min, max, clamp, rounding, division, square roots, logarithms, hashes, overflow checks
#include <linux/gcd.h>
#include <linux/hash.h>
#include <linux/jhash.h>
#include <linux/kernel.h>
#include <linux/lcm.h>
#include <linux/log2.h>
#include <linux/math64.h>
#include <linux/module.h>
#include <linux/overflow.h>

static void comparisons(int minus, unsigned int plus, long long wide)
{
	OPTIMIZER_HIDE_VAR(minus);
	OPTIMIZER_HIDE_VAR(plus);
	pr_info("min %d max %d min_t %u max_t %d min3 %d max3 %d\n", min(minus, 3), max(minus, 3),
		min_t(unsigned int, minus, plus), max_t(int, minus, plus), min3(3, minus, 2),
		max3(3, minus, 7));
	pr_info("clamp %d %d %d clamp_t %d clamp_val %u\n", clamp(minus, 0, 10), clamp(5, 0, 10),
		clamp(50, 0, 10), clamp_t(int, plus, -3, 3), clamp_val(plus, 10, 100));
	pr_info("min_not_zero %d %d abs %d %lld abs_diff %u\n", min_not_zero(0, 5),
		min_not_zero(7, 5), abs(minus), abs(wide), (unsigned int)abs(minus - 5));
	pr_info("in range: swap");
	swap(minus, plus);
	pr_cont(" %d %u\n", minus, plus);
}

static void rounding(void)
{
	pr_info("round_up %d %d round_down %d roundup %d %d rounddown %d\n", round_up(13, 8),
		round_up(16, 8), round_down(13, 8), roundup(13, 5), roundup(15, 5),
		rounddown(13, 5));
	pr_info("DIV_ROUND_UP %d %d DIV_ROUND_CLOSEST %d %d %d %d DIV_ROUND_UP_ULL %llu\n",
		DIV_ROUND_UP(7, 3), DIV_ROUND_UP(6, 3), DIV_ROUND_CLOSEST(7, 2),
		DIV_ROUND_CLOSEST(-7, 2), DIV_ROUND_CLOSEST(5, 3), DIV_ROUND_CLOSEST(-5, 3),
		DIV_ROUND_UP_ULL(7ULL, 2));
	pr_info("ALIGN %d ALIGN_DOWN %d IS_ALIGNED %d %d PTR_ALIGN %d\n", ALIGN(13, 4),
		ALIGN_DOWN(13, 4), IS_ALIGNED(16, 8), IS_ALIGNED(12, 8),
		(int)(long)PTR_ALIGN((void *)13, 16));
	pr_info("mult_frac %d upper %#x lower %#x FIELD_SIZEOF %zu\n", mult_frac(1000000, 3, 7),
		upper_32_bits(0x123456789abcULL), lower_32_bits(0x123456789abcULL),
		sizeof_field(struct list_head, next));
}

static void roots_and_logarithms(void)
{
	static const unsigned long numbers[] = {1,  2,	3,    4,    5,	   15,
						16, 17, 1000, 4096, 65535, 1UL << 33};
	int i;

	for (i = 0; i < ARRAY_SIZE(numbers); i++) {
		unsigned long n = numbers[i];

		OPTIMIZER_HIDE_VAR(n);
		pr_info("%lu: ilog2 %d order_base_2 %d up %lu down %lu power %d sqrt %lu bits_per "
			"%d\n",
			n, ilog2(n), order_base_2(n), roundup_pow_of_two(n),
			rounddown_pow_of_two(n), is_power_of_2(n), int_sqrt(n), bits_per(n));
	}
	pr_info("of 0: order_base_2 %d power %d sqrt %lu sqrt64 %u int_pow %llu\n", order_base_2(0),
		is_power_of_2(0), int_sqrt(0), int_sqrt64(1ULL << 62), int_pow(7, 5));
	pr_info("gcd %lu %lu %lu lcm %lu %lu lcm_not_zero %lu\n", gcd(12, 18), gcd(0, 5),
		gcd(17, 13), lcm(4, 6), lcm(0, 5), lcm_not_zero(0, 5));
}

static void divisions(void)
{
	u64 number = 1000000000007ULL;
	u32 rest;
	u64 rest64;
	s32 signed_rest;
	u32 by_do_div;

	pr_info("div_u64 %llu div_s64 %lld div64_u64 %llu div64_s64 %lld\n", div_u64(number, 1000),
		div_s64(-7, 2), div64_u64(number, 999999999999ULL), div64_s64(-number, 3));
	pr_info("rem %llu", div_u64_rem(number, 1000, &rest));
	pr_cont(" %u", rest);
	pr_cont(" %lld", div_s64_rem(-1007, 10, &signed_rest));
	pr_cont(" %d", signed_rest);
	pr_cont(" %llu", div64_u64_rem(number, 7000000000ULL, &rest64));
	pr_cont(" %llu\n", rest64);
	by_do_div = do_div(number, 1000);
	pr_info("do_div %llu rest %u closest %llu mul_u64_u32_shr %llu mul_u64_u64_div_u64 %llu\n",
		number, by_do_div, DIV64_U64_ROUND_CLOSEST(7ULL, 2ULL),
		mul_u64_u32_shr(1ULL << 40, 3, 1),
		mul_u64_u64_div_u64(1ULL << 40, 1ULL << 40, 1ULL << 50));
}

static void hashes(void)
{
	static const u32 words[] = {1, 2, 3, 4};

	pr_info("hash_32 %u %u %u hash_64 %u %u hash_long %u\n", hash_32(1, 8), hash_32(12345, 16),
		hash_32(0xffffffff, 5), hash_64(1, 8), hash_64(0x123456789abcdefULL, 20),
		(u32)hash_long(42, 10));
	pr_info("hash_ptr %u hash32_ptr %u __hash_32 %#x\n", hash_ptr((void *)0x1000, 10),
		hash32_ptr((void *)0x123456789abcUL), __hash_32(7));
	pr_info("jhash %#x %#x jhash2 %#x 1word %#x 2words %#x 3words %#x\n", jhash("hello", 5, 0),
		jhash("hello world, this is long", 25, 7), jhash2(words, 4, 3), jhash_1word(1, 2),
		jhash_2words(1, 2, 3), jhash_3words(1, 2, 3, 4));
}

static void overflows(void)
{
	size_t size;
	u32 product;
	bool over;
	int sum;
	u8 small;

	over = check_add_overflow(INT_MAX, 1, &sum);
	pr_info("add %d %d", over, sum);
	over = check_add_overflow(INT_MAX - 1, 1, &sum);
	pr_cont(" %d %d", over, sum);
	over = check_sub_overflow((u8)3, (u8)5, &small);
	pr_cont(" sub %d %u", over, small);
	over = check_mul_overflow(65536u, 65536u, &product);
	pr_cont(" mul %d %u", over, product);
	over = check_mul_overflow(SIZE_MAX, (size_t)2, &size);
	pr_cont(" of size_t %d %d", over, size == SIZE_MAX - 1);
	over = check_shl_overflow(1, 31, &sum);
	pr_cont(" shl %d", over);
	over = check_shl_overflow(1, 30, &sum);
	pr_cont(" %d %d\n", over, sum);
	pr_info("size_mul %d size_add %d size_sub %d array_size %zu array3_size %d\n",
		size_mul(SIZE_MAX, 2) == SIZE_MAX, size_add(SIZE_MAX, 1) == SIZE_MAX,
		size_sub(5, 7) == SIZE_MAX, array_size(3, 5),
		array3_size(SIZE_MAX, 1, 2) == SIZE_MAX);
}

static int __init numbers_init(void)
{
	comparisons(-5, 7, -1LL << 40);
	rounding();
	roots_and_logarithms();
	divisions();
	hashes();
	overflows();
	return 0;
}

static void __exit numbers_exit(void)
{
}

module_init(numbers_init);
module_exit(numbers_exit);
MODULE_LICENSE("Dual MIT/GPL");
