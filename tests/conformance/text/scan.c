// SPDX-License-Identifier: MIT
// conformance: sscanf: what each directive takes, what it returns at the first mismatch, and at the end of the text
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/string.h>

static void two_numbers(const char *text, const char *format)
{
	int a = -77, b = -77;
	int result = sscanf(text, format, &a, &b);

	pr_info("[%s] [%s]: %d, %d %d\n", text, format, result, a, b);
}

static void two_words(const char *text, const char *format)
{
	char a[16] = "unset", b[16] = "unset";
	int result = sscanf(text, format, a, b);

	pr_info("[%s] [%s]: %d, [%s] [%s]\n", text, format, result, a, b);
}

static void wide_number(const char *text, const char *format)
{
	unsigned long long number = 77;
	int result = sscanf(text, format, &number);

	pr_info("[%s] [%s]: %d, %llu\n", text, format, result, number);
}

static void numbers(void)
{
	two_numbers("12 34", "%d %d");
	two_numbers("12 34", "%d%d");
	two_numbers("  -12\t+34", "%d %d");
	two_numbers("12,34", "%d,%d");
	two_numbers("12 ,34", "%d,%d");
	two_numbers("12 ,34", "%d ,%d");
	two_numbers("12", "%d %d");
	two_numbers("12x34", "%d %d");
	two_numbers("x", "%d %d");
	two_numbers("", "%d");
	two_numbers("   ", "%d");
	two_numbers("0x1f 0x1f", "%x %i");
	two_numbers("1f 017", "%x %i");
	two_numbers("0x 5", "%i %d");
	two_numbers("-0x10 -010", "%i %i");
	two_numbers("-5 7", "%u %d");
	two_numbers("123456", "%3d%2d");
	two_numbers("123456", "%3d%3d");
	two_numbers("-123", "%2d%d");
	two_numbers("0x123", "%3x%x");
	two_numbers("777 8", "%o %o");
	two_numbers("1 2 3", "%*d %d %d");
	two_numbers("1 2", "%*d %d");
	two_numbers("a1b2", "a%db%d");
	two_numbers("a1c2", "a%db%d");
	two_numbers("50% 6", "%d%% %d");
	two_numbers("12 34", "%d %n");
	two_numbers("5", "%d%n");
	two_numbers("4294967296", "%d");
	two_numbers("- 5", "%d");
	two_numbers("+5", "%u");
}

static void sizes(void)
{
	wide_number("18446744073709551615", "%llu");
	wide_number("18446744073709551616", "%llu");
	wide_number("ffffffffff", "%llx");
	wide_number("0xffffffffffffffff", "%llx");
	wide_number("-1", "%lld");
	wide_number("300", "%hhu");
	wide_number("70000", "%hu");
	wide_number("4294967297", "%lu");
	wide_number("5", "%zu");
	wide_number("123456789012345678901234567890", "%llu");
}

static void words(void)
{
	two_words("one two", "%s %s");
	two_words("  one\n two", "%s%s");
	two_words("one", "%s %s");
	two_words("abcdef", "%3s%s");
	two_words("a b", "%c%c");
	two_words("a b", "%c %c");
	two_words("abcd", "%2c%1c");
	two_words("key=value", "%[^=]=%s");
	two_words("key=value", "%15[^=]=%15s");
	two_words("abc123", "%3[abc]%s");
	two_words("xyz", "%3[abc]%s");
	two_words("one two three", "%*s %s %s");
	two_words("", "%s");
	two_words("  ", "%s");
	two_words("one", "%q");
}

static int __init scan_init(void)
{
	numbers();
	sizes();
	words();
	return 0;
}

static void __exit scan_exit(void)
{
}

module_init(scan_init);
module_exit(scan_exit);
MODULE_LICENSE("Dual MIT/GPL");
