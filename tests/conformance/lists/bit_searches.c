// SPDX-License-Identifier: MIT
// conformance: searching bitmaps: first, next, last, nth, zero bits and runs at the edges of words and of the map
#include <linux/bitmap.h>
#include <linux/bitops.h>
#include <linux/module.h>

#define BITS 150

static DECLARE_BITMAP(map, BITS + 50);
static DECLARE_BITMAP(other, BITS + 50);

static void search(const char *what, unsigned int size)
{
	pr_info("%s of %u: first %lu zero %lu last %lu weight %u, and: first %lu next %lu\n", what, size, find_first_bit(map, size),
		find_first_zero_bit(map, size), find_last_bit(map, size), bitmap_weight(map, size),
		find_first_and_bit(map, other, size), find_next_and_bit(map, other, size, 2));
	pr_info("  next %lu %lu %lu %lu zero %lu %lu %lu\n", find_next_bit(map, size, 0), find_next_bit(map, size, 63),
		find_next_bit(map, size, 64), find_next_bit(map, size, size), find_next_zero_bit(map, size, 63),
		find_next_zero_bit(map, size, 64), find_next_zero_bit(map, size, size + 1));
}

static void searches(void)
{
	static const unsigned int sizes[] = {0, 1, 63, 64, 65, 128, 149, 150};
	int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		bitmap_zero(map, BITS);
		bitmap_fill(other, BITS);
		search("nothing", sizes[i]);
		__set_bit(64, map);
		__set_bit(149, map);
		search("64 and 149", sizes[i]);
		bitmap_complement(map, map, BITS);
		__clear_bit(64, other);
		search("all others", sizes[i]);
		bitmap_fill(map, BITS);
		search("all", sizes[i]);
	}
}

static void loops(void)
{
	unsigned int bit, begin, end;
	unsigned long word = 0;

	bitmap_zero(map, BITS);
	bitmap_set(map, 3, 2);
	bitmap_set(map, 60, 10);
	bitmap_set(map, 148, 2);
	pr_info("set:");
	for_each_set_bit(bit, map, BITS)
		pr_cont(" %u", bit);
	pr_cont("\n");
	pr_info("clear from 140:");
	bit = 140;
	for_each_clear_bit_from(bit, map, BITS)
		pr_cont(" %u", bit);
	pr_cont("\n");
	pr_info("ranges:");
	for_each_set_bitrange(begin, end, map, BITS)
		pr_cont(" %u-%u", begin, end);
	pr_cont(" clear:");
	for_each_clear_bitrange(begin, end, map, BITS)
		pr_cont(" %u-%u", begin, end);
	pr_cont("\n");
	pr_info("test_and: set %d %d clear %d %d change %d %d", test_and_set_bit(5, &word), test_and_set_bit(5, &word),
		test_and_clear_bit(5, &word), test_and_clear_bit(5, &word), test_and_change_bit(6, &word), test_and_change_bit(6, &word));
	change_bit(63, &word);
	assign_bit(1, &word, true);
	assign_bit(63, &word, false);
	pr_cont(" word %lx test %d %d\n", word, test_bit(1, &word), test_bit(0, &word));
	pr_info("get_value8 %lx\n", bitmap_get_value8(map, 56));
	bitmap_set_value8(map, 0xa5, 8);
	pr_info("replaced %lx, to u32 ", map[0]);
	bitmap_from_u64(map, 0x123456789abcdef0);
	pr_cont("%*pb, as a list %*pbl\n", 64, map, 64, map);
}

static int __init bit_searches_init(void)
{
	searches();
	loops();
	return 0;
}

static void __exit bit_searches_exit(void)
{
}

module_init(bit_searches_init);
module_exit(bit_searches_exit);
MODULE_LICENSE("Dual MIT/GPL");
