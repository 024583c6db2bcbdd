// SPDX-License-Identifier: MIT
// conformance: directives that printk does not know or takes otherwise than the C library: it warns and prints the rest
// open: ^WARNING: .* at \S*vsprintf\.c:.* -> WARNING at vsprintf.c | the line in the kernel's source
#include <linux/kernel.h>
#include <linux/module.h>

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

static int __init unknown_init(void)
{
	print("a %y b %d", 1);
	print("end %");
	print("l %l d", 1L);
	print("%5");
	print("q %qd", 5LL);
	print("f %f", 1);
	print("n %n %d", 2);
	return 0;
}

static void __exit unknown_exit(void)
{
}

module_init(unknown_init);
module_exit(unknown_exit);
MODULE_LICENSE("Dual MIT/GPL");
