// SPDX-License-Identifier: MIT
// conformance: printk's pointers: hashed, plain, error pointers, and the names of functions
// open: \+0x[0-9a-f]+/0x[0-9a-f]+ -> +OFFSET/SIZE | the compiler decides how long a function is
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

static noinline void named_function(void)
{
	pr_info("in a function with a name\n");
}

static void print_hashed(void)
{
	static int first, second;
	char a[32], b[32], c[32];

	snprintf(a, sizeof(a), "%p", &first);
	snprintf(b, sizeof(b), "%p", &first);
	snprintf(c, sizeof(c), "%p", &second);
	pr_info("length %zu, the same twice %d, another for another %d, zeros in front %d\n",
		strlen(a), !strcmp(a, b), !!strcmp(a, c), !strncmp(a, "00000000", 8));
	snprintf(a, sizeof(a), "%px", &first);
	pr_info("px: length %zu, the address %d\n", strlen(a),
		simple_strtoul(a, NULL, 16) == (unsigned long)&first);
	pr_info("px [%px] [%20px] [%-20px]\n", (void *)0x1234, (void *)0xabcdef, (void *)0x10);
	pr_info("null p [%p] px [%px] s [%pS] e [%pe] h [%ph] M [%pM]\n", NULL, NULL, NULL, NULL,
		NULL, NULL);
	pr_info("error p [%p] px [%px]\n", ERR_PTR(-EIO), ERR_PTR(-EIO));
	pr_info("width: %d\n", snprintf(NULL, 0, "%30p", &first));
}

static void print_errors(void)
{
	pr_info("[%pe] [%pe] [%pe] [%pe]\n", ERR_PTR(-EINVAL), ERR_PTR(-ENOMEM),
		ERR_PTR(-EPROBE_DEFER), ERR_PTR(-EAGAIN));
	pr_info("[%10pe] [%-10pe] [%pe]\n", ERR_PTR(-EIO), ERR_PTR(-EIO), ERR_PTR(-ERESTARTSYS));
	pr_info("[%pe] [%pe]\n", ERR_PTR(-1234), ERR_PTR(-4095));
	pr_info("[%pe] [%pe] [%pe]\n", ERR_PTR(-EWOULDBLOCK), ERR_PTR(-EDEADLOCK),
		ERR_PTR(-EHWPOISON));
}

static noinline void print_symbols(void)
{
	void *function = named_function;

	pr_info("S %pS\n", function);
	pr_info("s %ps\n", function);
	pr_info("s inside %ps\n", function + 1);
	pr_info("B %pB\n", function + 1);
	pr_info("SR %pSR\n", function);
	pr_info("caller %ps\n", __builtin_return_address(0));
	pr_info("kernel's %ps %ps %ps\n", kfree, schedule, strlen);
	pr_info("width [%20ps]\n", kfree);
	pr_info("no symbol: %d\n", snprintf(NULL, 0, "%ps", (void *)0x1000));
}

static int __init pointers_init(void)
{
	named_function();
	print_hashed();
	print_errors();
	print_symbols();
	return 0;
}

static void __exit pointers_exit(void)
{
}

module_init(pointers_init);
module_exit(pointers_exit);
MODULE_LICENSE("Dual MIT/GPL");
