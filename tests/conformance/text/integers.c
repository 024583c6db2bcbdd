// SPDX-License-Identifier: MIT
// conformance: printk's integers: flags, width, precision, length, and their combinations
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/module.h>

/* No attribute of a format: the compiler shall not judge what the kernel is asked. */
static void print(const char *format, ...)
{
	char text[80];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	pr_info("%s [%s]\n", format, text);
}

static void decimal(void)
{
	print("%d", 0);
	print("%i", -42);
	print("%u", 42u);
	print("%5d", 42);
	print("%-5d", 42);
	print("%05d", -42);
	print("%-05d", 42);
	print("%+d", 42);
	print("%+d", -42);
	print("% d", 42);
	print("% d", -42);
	print("%+ d", 7);
	print("% 5d", 7);
	print("%+05d", 7);
	print("%5.3d", 7);
	print("%05.3d", 7);
	print("%-6.3d", -7);
	print("%.0d", 0);
	print("%.d", 0);
	print("%3.0d", 0);
	print("%.5u", 123456u);
	print("%*d", 6, 1);
	print("%*d", -6, 1);
	print("%.*d", 4, 1);
	print("%.*d", -4, 1);
	print("%*.*d", 6, 3, -1);
}

static void other_bases(void)
{
	print("%x", 0xbeefu);
	print("%X", 0xbeefu);
	print("%#x", 0xbeefu);
	print("%#X", 0xbeefu);
	print("%#x", 0u);
	print("%#010x", 0xbeefu);
	print("%#10x", 0xbeefu);
	print("%-#10x", 0xbeefu);
	print("%#.6x", 0xbeefu);
	print("%08X", 0xbeefu);
	print("%o", 8u);
	print("%#o", 8u);
	print("%#o", 0u);
	print("%#06o", 8u);
	print("%x", -1);
	print("%o", -1);
}

static void lengths(void)
{
	print("%hhd", 511);
	print("%hhd", 200);
	print("%hhu", 511);
	print("%hhx", -2);
	print("%hd", 70000);
	print("%hu", 70000);
	print("%hx", -2);
	print("%ld", LONG_MIN);
	print("%lu", ULONG_MAX);
	print("%lld", LLONG_MIN);
	print("%llu", ULLONG_MAX);
	print("%llx", 0x123456789abcdef0ULL);
	print("%#llx", 1ULL << 63);
	print("%Lu", 1ULL << 40);
	print("%zu", (size_t)-1);
	print("%zd", (ssize_t)-1);
	print("%zx", (size_t)4096);
	print("%td", (ptrdiff_t)-7);
	print("%d", INT_MIN);
	print("%u", UINT_MAX);
	print("%24lld", LLONG_MAX);
	print("%024lld", LLONG_MIN);
}

static int __init integers_init(void)
{
	decimal();
	other_bases();
	lengths();
	return 0;
}

static void __exit integers_exit(void)
{
}

module_init(integers_init);
module_exit(integers_exit);
MODULE_LICENSE("Dual MIT/GPL");
