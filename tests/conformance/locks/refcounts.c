// SPDX-License-Identifier: MIT
// conformance: refcount_t: what each operation does to each count, where it saturates, and the warnings
#include <linux/module.h>
#include <linux/refcount.h>

static refcount_t count;

static void try_all(unsigned int from)
{
	bool result;
	int old;

	refcount_set(&count, from);
	result = refcount_inc_not_zero(&count);
	pr_info("%x: inc_not_zero %d %x", from, result, refcount_read(&count));
	refcount_set(&count, from);
	result = refcount_add_not_zero(5, &count);
	pr_cont(" add_not_zero %d %x", result, refcount_read(&count));
	refcount_set(&count, from);
	result = refcount_dec_if_one(&count);
	pr_cont(" dec_if_one %d %x", result, refcount_read(&count));
	refcount_set(&count, from);
	result = refcount_dec_not_one(&count);
	pr_cont(" dec_not_one %d %x\n", result, refcount_read(&count));
	if (from == 0 || from > INT_MAX)
		return;
	refcount_set(&count, from);
	result = refcount_dec_and_test(&count);
	pr_info("  dec_and_test %d %x", result, refcount_read(&count));
	refcount_set(&count, from);
	result = refcount_sub_and_test(1, &count);
	pr_cont(" sub_and_test %d %x", result, refcount_read(&count));
	refcount_set(&count, from);
	result = __refcount_inc_not_zero(&count, &old);
	pr_cont(" old %x %d\n", old, result);
}

static int __init refcounts_init(void)
{
	try_all(1);
	try_all(2);
	try_all(100);
	refcount_set(&count, 0);
	refcount_inc(&count);
	pr_info("inc of 0: %x\n", refcount_read(&count));
	refcount_set(&count, INT_MAX);
	refcount_inc(&count);
	pr_info("inc of the greatest: %x\n", refcount_read(&count));
	refcount_set(&count, 1);
	refcount_dec(&count);
	pr_info("dec of 1: %x\n", refcount_read(&count));
	refcount_set(&count, 0);
	pr_info("dec_and_test of 0: %d", refcount_dec_and_test(&count));
	pr_cont(" %x\n", refcount_read(&count));
	refcount_set(&count, INT_MAX - 2);
	pr_info("add_not_zero beyond: %d", refcount_add_not_zero(10, &count));
	pr_cont(" %x\n", refcount_read(&count));
	return 0;
}

static void __exit refcounts_exit(void)
{
}

module_init(refcounts_init);
module_exit(refcounts_exit);
MODULE_LICENSE("Dual MIT/GPL");
