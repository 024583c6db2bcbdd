// SPDX-License-Identifier: MIT
// conformance: simple_strto*, memparse, get_option, get_options and next_arg: value and where they stop
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/string.h>

static void strto(const char *text, unsigned int base)
{
	char *end_ul, *end_l, *end_ull, *end_ll;
	unsigned long ul = simple_strtoul(text, &end_ul, base);
	long l = simple_strtol(text, &end_l, base);
	unsigned long long ull = simple_strtoull(text, &end_ull, base);
	long long ll = simple_strtoll(text, &end_ll, base);

	pr_info("[%s] base %u: ul %lu at %td, l %ld at %td, ull %llu at %td, ll %lld at %td\n",
		text, base, ul, end_ul - text, l, end_l - text, ull, end_ull - text, ll,
		end_ll - text);
}

static void parse_memory(const char *text)
{
	char *end;
	unsigned long long value = memparse(text, &end);

	pr_info("memparse [%s]: %llu, rest [%s]\n", text, value, end);
}

static void parse_option(const char *text)
{
	char copy[32];
	char *at = copy;
	int value = -77, result;

	strscpy(copy, text, sizeof(copy));
	result = get_option(&at, &value);
	pr_info("get_option [%s]: %d, %d, rest [%s]\n", text, result, value, at);
}

static void parse_options(const char *text, int count)
{
	int values[6] = {-1, -1, -1, -1, -1, -1};
	char *rest = get_options(text, count, values);

	pr_info("get_options [%s] %d: %d {%d %d %d %d %d}, rest [%s]\n", text, count, values[0],
		values[1], values[2], values[3], values[4], values[5], rest);
}

static int __init simple_numbers_init(void)
{
	static const char *const texts[] = {"12",  "-12", "+12", " 12", "12abc", "0x1f", "0X1Fg",
					    "017", "08",  "",	 "abc", "-",	 "0x",	 "--1"};
	int i;

	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		strto(texts[i], 0);
		strto(texts[i], 10);
		strto(texts[i], 16);
	}
	strto("18446744073709551616", 10);
	strto("99999999999999999999999", 10);
	strto("-9223372036854775809", 10);
	strto("777", 8);
	strto("1012", 2);
	parse_memory("0");
	parse_memory("64k");
	parse_memory("64K");
	parse_memory("2M@1G");
	parse_memory("1G");
	parse_memory("1T");
	parse_memory("1P");
	parse_memory("1E");
	parse_memory("0x10k");
	parse_memory("010m");
	parse_memory("5kb");
	parse_memory("-1k");
	parse_memory("k");
	parse_memory("");
	parse_memory("16E");
	parse_option("5");
	parse_option("5,6");
	parse_option("5-7");
	parse_option("-5,3");
	parse_option("0x10,");
	parse_option("abc");
	parse_option("");
	parse_option("5abc");
	parse_option("-");
	parse_options("1,2,3", 6);
	parse_options("1,2,3,4,5,6,7", 6);
	parse_options("1-4,9", 6);
	parse_options("4-1", 6);
	parse_options("1-9", 4);
	parse_options("1,,2", 6);
	parse_options("1,x", 6);
	parse_options("", 6);
	parse_options("1,2,3", 0);
	return 0;
}

static void __exit simple_numbers_exit(void)
{
}

module_init(simple_numbers_init);
module_exit(simple_numbers_exit);
MODULE_LICENSE("Dual MIT/GPL");
