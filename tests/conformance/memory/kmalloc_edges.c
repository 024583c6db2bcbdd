// SPDX-License-Identifier: MIT
// conformance: kmalloc and its kin at their edges: nothing, too much, products that overflow, ksize, krealloc, duplicates, alignment
#include <linux/module.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/string.h>

static size_t sizes[] = {1, 8, 9, 16, 33, 64, 65, 96, 97, 128, 129, 192, 193, 256, 257, 1000, 1025, 2049, 4097, 8192, 8193, 20000};

static void show_sizes(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		char *memory = kmalloc(sizes[i], GFP_KERNEL);

		pr_info("%zu: ksize %zu aligned to 8 %d, to itself %d\n", sizes[i], ksize(memory), IS_ALIGNED((unsigned long)memory, 8),
			is_power_of_2(sizes[i]) ? IS_ALIGNED((unsigned long)memory, sizes[i]) : -1);
		kfree(memory);
	}
}

static void show_edges(size_t none, size_t much)
{
	void *zero = kmalloc(none, GFP_KERNEL);
	char *memory, *before;

	pr_info("nothing: ZERO_SIZE_PTR %d, ZERO_OR_NULL %d, ksize %zu %zu\n", zero == ZERO_SIZE_PTR, ZERO_OR_NULL_PTR(zero),
		ksize(zero), ksize(NULL));
	kfree(zero);
	kfree(NULL);
	pr_info("kcalloc of nothing %d, overflowing %d, kmalloc_array %d\n", kcalloc(none, 8, GFP_KERNEL) == ZERO_SIZE_PTR,
		kcalloc(much, 8, GFP_KERNEL) == NULL, kmalloc_array(much, 2, GFP_KERNEL | __GFP_ZERO) == NULL);
	pr_info("too much: %d %d\n", kmalloc(much, GFP_KERNEL | __GFP_NOWARN) == NULL,
		kmalloc(64 << 20, GFP_KERNEL | __GFP_NOWARN) == NULL);
	memory = krealloc(NULL, 10, GFP_KERNEL);
	strcpy(memory, "grows");
	memory = krealloc(memory, 1000, GFP_KERNEL | __GFP_ZERO);
	pr_info("krealloc [%s] ksize %zu", memory, ksize(memory));
	before = memory;
	memory = krealloc(memory, 3, GFP_KERNEL);
	pr_cont(" smaller [%.3s], the same %d", memory, memory == before);
	memory = krealloc(memory, none, GFP_KERNEL);
	pr_cont(" nothing %d", memory == ZERO_SIZE_PTR);
	memory = krealloc(memory, 20, GFP_KERNEL | __GFP_ZERO);
	pr_cont(" again %d, overflowing array %d\n", memory[0], krealloc_array(memory, much, 16, GFP_KERNEL) == NULL);
	kfree_sensitive(memory);
}

static void show_copies(void)
{
	char *text = kstrdup("a text", GFP_KERNEL), *part = kstrndup(text, 3, GFP_KERNEL);
	char *bytes = kmemdup(text, 4, GFP_KERNEL), *printed = kasprintf(GFP_KERNEL, "%s and %d", text, 5);
	char *empty = kasprintf(GFP_KERNEL, "%s", "");

	pr_info("[%s] [%s] [%.4s] [%s] [%s]\n", text, part, bytes, printed, empty);
	kfree(text);
	kfree(part);
	kfree(bytes);
	kfree(printed);
	kfree(empty);
}

static int __init kmalloc_edges_init(void)
{
	size_t none = 0, much = SIZE_MAX / 4;

	OPTIMIZER_HIDE_VAR(none);
	OPTIMIZER_HIDE_VAR(much);
	show_sizes();
	show_edges(none, much);
	show_copies();
	return 0;
}

static void __exit kmalloc_edges_exit(void)
{
}

module_init(kmalloc_edges_init);
module_exit(kmalloc_edges_exit);
MODULE_LICENSE("Dual MIT/GPL");
