// SPDX-License-Identifier: MIT
// conformance: bitmaps: set operations, shifts, areas, parsing of lists and hexadecimal, and their errors
#include <linux/bitmap.h>
#include <linux/cpumask.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/string.h>

#define BITS 100

static void parse_list(const char *text, int bits)
{
	DECLARE_BITMAP(map, BITS) = {0};
	int error = bitmap_parselist(text, map, bits);

	pr_info("parselist [%s] %d: %d [%*pbl]\n", text, bits, error, error ? 0 : bits, map);
}

static void parse(const char *text, int bits)
{
	DECLARE_BITMAP(map, BITS) = {0};
	int error = bitmap_parse(text, strlen(text), map, bits);

	pr_info("parse [%s] %d: %d [%*pbl]\n", text, bits, error, error ? 0 : bits, map);
}

static void parsing(void)
{
	parse_list("0-3,7", BITS);
	parse_list("3-0", BITS);
	parse_list("", BITS);
	parse_list("5\n", BITS);
	parse_list("1 2", BITS);
	parse_list("0-31:2/8", BITS);
	parse_list("0-9:3/2", BITS);
	parse_list("all", 10);
	parse_list("0-N", 10);
	parse_list("N", 10);
	parse_list("99", BITS);
	parse_list("100", BITS);
	parse_list("1-", BITS);
	parse_list("-1", BITS);
	parse_list("1,,2", BITS);
	parse_list("x", BITS);
	parse_list("0x3", BITS);
	parse_list("1-2-3", BITS);
	parse_list("99999999999", BITS);
	parse("f", BITS);
	parse("1,00000000", BITS);
	parse("ffffffff,ffffffff", 64);
	parse("1,00000000,00000000", 64);
	parse("100", 8);
	parse("ff", 8);
	parse("0x1", BITS);
	parse("", BITS);
	parse("g", BITS);
	parse("123456789", BITS);
	parse("1\n", BITS);
	parse("1,2,3", BITS);
}

static void operations(void)
{
	DECLARE_BITMAP(a, BITS);
	DECLARE_BITMAP(b, BITS);
	DECLARE_BITMAP(c, BITS);
	bool any;

	bitmap_zero(a, BITS);
	bitmap_zero(b, BITS);
	bitmap_set(a, 10, 60);
	bitmap_set(b, 50, 40);
	any = bitmap_and(c, a, b, BITS);
	pr_info("and %d [%*pbl]\n", any, BITS, c);
	bitmap_or(c, a, b, BITS);
	pr_info("or [%*pbl]\n", BITS, c);
	bitmap_xor(c, a, b, BITS);
	pr_info("xor [%*pbl]\n", BITS, c);
	any = bitmap_andnot(c, a, b, BITS);
	pr_info("andnot %d [%*pbl]\n", any, BITS, c);
	bitmap_complement(c, a, BITS);
	pr_info("complement [%*pbl]\n", BITS, c);
	bitmap_shift_left(c, a, 35, BITS);
	pr_info("left [%*pbl]\n", BITS, c);
	bitmap_shift_right(c, a, 15, BITS);
	pr_info("right [%*pbl]\n", BITS, c);
	bitmap_copy(c, a, BITS);
	pr_info("equal %d %d subset %d %d intersects %d empty %d full %d\n",
		bitmap_equal(a, c, BITS), bitmap_equal(a, b, BITS), bitmap_subset(a, c, BITS),
		bitmap_subset(a, b, BITS), bitmap_intersects(a, b, BITS), bitmap_empty(a, BITS),
		bitmap_full(a, BITS));
	bitmap_clear(c, 20, 5);
	pr_info("weight %d %d\n", bitmap_weight(a, BITS), bitmap_weight(c, BITS));
	pr_info("area %lu %lu %lu %lu\n", bitmap_find_next_zero_area(c, BITS, 0, 5, 0),
		bitmap_find_next_zero_area(c, BITS, 11, 5, 0),
		bitmap_find_next_zero_area(c, BITS, 11, 6, 7),
		bitmap_find_next_zero_area(c, BITS, 0, 31, 0));
	pr_info("region %d %d\n", bitmap_find_free_region(c, BITS, 2),
		bitmap_allocate_region(c, 0, 1));
	bitmap_release_region(c, 0, 2);
	pr_info("released [%*pbl]\n", BITS, c);
}

static void masks(void)
{
	static struct cpumask a, b;
	cpumask_clear(&a);
	cpumask_set_cpu(1, &a);
	cpumask_set_cpu(2, &a);
	cpumask_copy(&b, &a);
	cpumask_clear_cpu(1, &b);
	pr_info("first %d next %d %d weight %u any %d empty %d subset %d equal %d\n",
		cpumask_first(&a), cpumask_next(1, &a), cpumask_next(2, &a) >= nr_cpu_ids,
		cpumask_weight(&a), cpumask_first(&b), cpumask_empty(&b), cpumask_subset(&b, &a),
		cpumask_equal(&a, &b));
	pr_info("parse %d %d\n", cpulist_parse("0,3", &a), cpumask_parse("6", &b));
	pr_info("[%*pbl] [%*pbl] and %d\n", cpumask_pr_args(&a), cpumask_pr_args(&b),
		cpumask_intersects(&a, &b));
	pr_info("counts: possible %u present %u online %u ids %u\n", num_possible_cpus(),
		num_present_cpus(), num_online_cpus(), nr_cpu_ids);
}

static int __init bitmaps_init(void)
{
	parsing();
	operations();
	masks();
	return 0;
}

static void __exit bitmaps_exit(void)
{
}

module_init(bitmaps_init);
module_exit(bitmaps_exit);
MODULE_LICENSE("Dual MIT/GPL");
