// SPDX-License-Identifier: MIT
// conformance: what snprintf, scnprintf, vsnprintf and kasprintf return and leave when the text does not fit
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

static char buffer[16];

static void print(const char *what, int result)
{
	pr_info("%s: %d [%s] untouched %d\n", what, result, buffer, buffer[15] == 'z');
	memset(buffer, 'z', sizeof(buffer));
}

static __printf(3, 4) int call(int (*function)(char *, size_t, const char *, va_list), size_t size,
			       const char *format, ...)
{
	va_list arguments;
	int result;

	va_start(arguments, format);
	result = function(buffer, size, format, arguments);
	va_end(arguments);
	if (size == 0)
		buffer[0] = '\0';
	return result;
}

static void print_sizes(void)
{
	size_t size;

	memset(buffer, 'z', sizeof(buffer));
	for (size = 0; size <= 7; size++) {
		print("vsnprintf", call(vsnprintf, size, "%s-%d", "abc", 12));
		print("vscnprintf", call(vscnprintf, size, "%s-%d", "abc", 12));
	}
	pr_info("size of nothing: %d %d\n", snprintf(NULL, 0, "%d", 12345),
		snprintf(NULL, 0, "%s", ""));
	print("cut number", snprintf(buffer, 4, "%08x", 0x12345678));
	print("cut width", snprintf(buffer, 6, "%10s", "ab"));
	print("cut bytes", snprintf(buffer, 5, "%*ph", 4, "abcd"));
	print("cut null", snprintf(buffer, 4, "%s", (char *)NULL));
	print("scnprintf 1", scnprintf(buffer, 1, "abc"));
	print("sprintf", sprintf(buffer, "%d,%d", 1, -1));
}

static int print_allocated(void)
{
	char *text =
		kasprintf(GFP_KERNEL, "%s=%d", "long enough to need more than a few bytes", 1234);

	if (!text)
		return -ENOMEM;
	pr_info("kasprintf: %zu [%s]\n", strlen(text), text);
	kfree(text);
	text = kasprintf(GFP_KERNEL, "%s", "");
	pr_info("kasprintf of nothing: %zu\n", text ? strlen(text) : 99);
	kfree(text);
	return 0;
}

static int __init truncation_init(void)
{
	print_sizes();
	return print_allocated();
}

static void __exit truncation_exit(void)
{
}

module_init(truncation_init);
module_exit(truncation_exit);
MODULE_LICENSE("Dual MIT/GPL");
