// SPDX-License-Identifier: MIT
// conformance: printk's texts and characters, with NULL, bad pointers, and directives it does not know
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/module.h>

/* No attribute of a format: the compiler shall not judge what the kernel is asked. */
static void print(const char *format, ...)
{
	char text[80];
	va_list arguments;
	int size;

	va_start(arguments, format);
	size = vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	pr_info("%d [%s]\n", size, text);
}

static void texts(void)
{
	const char unterminated[3] = {'a', 'b', 'c'};

	print("%s", "text");
	print("%s", "");
	print("%10s", "text");
	print("%-10s", "text");
	print("%010s", "text");
	print("%.2s", "text");
	print("%.0s", "text");
	print("%10.2s", "text");
	print("%-10.2s", "text");
	print("%.9s", "text");
	print("%*s", 7, "text");
	print("%*s", -7, "text");
	print("%.*s", 3, "text");
	print("%.*s", -1, "text");
	print("%.*s", 3, unterminated);
	print("%-*.*s", 6, 1, "text");
	print("%2s", "text");
	print("%s%s%s", "a", "", "c");
}

static void bad_pointers(void)
{
	print("%s", NULL);
	print("%10s", NULL);
	print("%-10s|", NULL);
	print("%.3s", NULL);
	print("%s", (char *)1);
	print("%s", (char *)4095);
	print("%10s", (char *)16);
	print("%.2s", (char *)16);
	print("%s", ERR_PTR(-EINVAL));
	print("%s", ERR_PTR(-4095));
}

static void characters(void)
{
	print("%c", 'x');
	print("%3c", 'x');
	print("%-3c|", 'x');
	print("%c%c%c", 'a', 'b', 'c');
	print("%c", 'a' + 256);
	print("%%");
	print("%5%");
	print("100%% of %d%%", 7);
}

static int __init strings_init(void)
{
	texts();
	bad_pointers();
	characters();
	return 0;
}

static void __exit strings_exit(void)
{
}

module_init(strings_init);
module_exit(strings_exit);
MODULE_LICENSE("Dual MIT/GPL");
