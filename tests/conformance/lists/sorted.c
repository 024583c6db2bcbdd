// SPDX-License-Identifier: MIT
// conformance: sort, list_sort, bsearch, red-black trees and hash tables: order, stability, and what is found
#include <linux/bsearch.h>
#include <linux/hashtable.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/list_sort.h>
#include <linux/module.h>
#include <linux/rbtree.h>
#include <linux/sort.h>

struct item {
	int key;
	int order;
	struct list_head link;
	struct rb_node node;
	struct hlist_node hash;
};

static struct item items[10];
static const int keys[10] = {5, 3, 9, 3, 1, 5, 5, 0, 9, 2};

static int compare(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

static int compare_items(void *unused, const struct list_head *a, const struct list_head *b)
{
	return list_entry(a, struct item, link)->key - list_entry(b, struct item, link)->key;
}

static void sorting(void)
{
	int numbers[10], i, wanted = 9;
	LIST_HEAD(head);
	struct item *item;
	int *found;

	memcpy(numbers, keys, sizeof(numbers));
	sort(numbers, 10, sizeof(int), compare, NULL);
	pr_info("sort:");
	for (i = 0; i < 10; i++)
		pr_cont(" %d", numbers[i]);
	pr_cont("\n");
	found = bsearch(&wanted, numbers, 10, sizeof(int), compare);
	pr_info("bsearch 9: %d\n", found && *found == 9);
	wanted = 4;
	pr_info("bsearch 4: %d\n", bsearch(&wanted, numbers, 10, sizeof(int), compare) == NULL);
	for (i = 0; i < 10; i++) {
		items[i].key = keys[i];
		items[i].order = i;
		list_add_tail(&items[i].link, &head);
	}
	list_sort(NULL, &head, compare_items);
	pr_info("list_sort:");
	list_for_each_entry(item, &head, link) pr_cont(" %d.%d", item->key, item->order);
	pr_cont("\n");
}

static void insert(struct rb_root_cached *root, struct item *item)
{
	struct rb_node **place = &root->rb_root.rb_node, *parent = NULL;
	bool leftmost = true;

	while (*place) {
		parent = *place;
		if (item->key < rb_entry(parent, struct item, node)->key) {
			place = &parent->rb_left;
		} else {
			place = &parent->rb_right;
			leftmost = false;
		}
	}
	rb_link_node(&item->node, parent, place);
	rb_insert_color_cached(&item->node, root, leftmost);
}

static void print_tree(const char *what, struct rb_root_cached *root)
{
	struct rb_node *node;

	pr_info("%s:", what);
	for (node = rb_first(&root->rb_root); node; node = rb_next(node))
		pr_cont(" %d.%d", rb_entry(node, struct item, node)->key,
			rb_entry(node, struct item, node)->order);
	node = rb_last(&root->rb_root);
	pr_cont(", last %d", node ? rb_entry(node, struct item, node)->key : -1);
	node = rb_first_cached(root);
	pr_cont(", leftmost %d\n", node ? rb_entry(node, struct item, node)->key : -1);
}

static void trees(void)
{
	struct rb_root_cached root = RB_ROOT_CACHED;
	struct item replacement = {.key = 3, .order = 99};
	struct item *item, *next;
	int i;

	pr_info("empty %d\n", RB_EMPTY_ROOT(&root.rb_root));
	for (i = 0; i < 10; i++)
		insert(&root, &items[i]);
	print_tree("tree", &root);
	pr_info("root %d.%d\n", rb_entry(root.rb_root.rb_node, struct item, node)->key,
		rb_entry(root.rb_root.rb_node, struct item, node)->order);
	pr_info("postorder:");
	rbtree_postorder_for_each_entry_safe(item, next, &root.rb_root, node)
		pr_cont(" %d.%d", item->key, item->order);
	pr_cont("\n");
	rb_erase_cached(&items[7].node, &root);
	rb_erase_cached(&items[2].node, &root);
	RB_CLEAR_NODE(&items[2].node);
	pr_info("cleared %d %d\n", RB_EMPTY_NODE(&items[2].node), RB_EMPTY_NODE(&items[1].node));
	rb_replace_node(&items[1].node, &replacement.node, &root.rb_root);
	print_tree("erased 0 and 9, replaced 3", &root);
}

static void tables(void)
{
	DEFINE_HASHTABLE(table, 3);
	struct item *item;
	int i, bucket, count = 0;

	pr_info("hash: size %zu bits %d empty %d\n", HASH_SIZE(table), HASH_BITS(table),
		hash_empty(table));
	for (i = 0; i < 10; i++)
		hash_add(table, &items[i].hash, items[i].key);
	hash_for_each_possible(table, item, hash, 5) if (item->key == 5)
		pr_info("possible for 5: %d\n", item->order);
	hash_for_each(table, bucket, item, hash) count += 1;
	pr_info("count %d hashed %d\n", count, hash_hashed(&items[0].hash));
	for (i = 0; i < 10; i++)
		hash_del(&items[i].hash);
	pr_info("empty %d hashed %d\n", hash_empty(table), hash_hashed(&items[0].hash));
}

static int __init sorted_init(void)
{
	sorting();
	trees();
	tables();
	return 0;
}

static void __exit sorted_exit(void)
{
}

module_init(sorted_init);
module_exit(sorted_exit);
MODULE_LICENSE("Dual MIT/GPL");
