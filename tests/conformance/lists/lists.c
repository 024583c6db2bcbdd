// SPDX-License-Identifier: MIT
// conformance: list, hlist and llist: order after every operation, and the states they leave
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/llist.h>
#include <linux/module.h>
#include <linux/poison.h>

struct item {
	int number;
	struct list_head link;
	struct hlist_node hash_link;
	struct llist_node lock_less;
};

static struct item items[6] = {{0}, {1}, {2}, {3}, {4}, {5}};

static void print(const char *what, struct list_head *head)
{
	struct item *item;

	pr_info("%s:", what);
	list_for_each_entry(item, head, link) pr_cont(" %d", item->number);
	pr_cont(" |");
	list_for_each_entry_reverse(item, head, link) pr_cont(" %d", item->number);
	pr_cont("\n");
}

static void lists(void)
{
	LIST_HEAD(head);
	LIST_HEAD(other);
	struct item *item, *next;
	int i;

	pr_info("empty %d singular %d careful %d first %d\n", list_empty(&head),
		list_is_singular(&head), list_empty_careful(&head),
		list_first_entry_or_null(&head, struct item, link) == NULL);
	for (i = 0; i < 3; i++)
		list_add(&items[i].link, &head);
	for (i = 3; i < 6; i++)
		list_add_tail(&items[i].link, &head);
	print("add 3, add_tail 3", &head);
	list_move(&items[4].link, &head);
	print("move 4", &head);
	list_move_tail(&items[1].link, &head);
	print("move_tail 1", &head);
	list_rotate_left(&head);
	print("rotate_left", &head);
	list_swap(&items[0].link, &items[5].link);
	print("swap 0 and 5", &head);
	pr_info("is_first %d is_last %d is_head %d count %zu\n",
		list_is_first(&items[2].link, &head), list_is_last(&items[4].link, &head),
		list_is_head(&head, &head), list_count_nodes(&head));
	list_cut_position(&other, &head, &items[5].link);
	print("cut to 5: other", &other);
	print("cut to 5: head", &head);
	list_splice_init(&other, &head);
	print("splice", &head);
	pr_info("other empty %d\n", list_empty(&other));
	list_cut_before(&other, &head, &items[5].link);
	print("cut before 5: other", &other);
	list_splice_tail_init(&other, &head);
	print("splice_tail", &head);
	list_bulk_move_tail(&head, &items[5].link, &items[0].link);
	print("bulk_move_tail", &head);
	list_del(&items[3].link);
	pr_info("deleted: poison %d %d\n", items[3].link.next == LIST_POISON1,
		items[3].link.prev == LIST_POISON2);
	list_del_init(&items[1].link);
	pr_info("del_init: empty %d\n", list_empty(&items[1].link));
	list_replace(&items[0].link, &items[1].link);
	print("replace 0 by 1", &head);
	list_for_each_entry_safe(item, next, &head, link) if (item->number % 2 == 0)
		list_del(&item->link);
	print("without even ones", &head);
	item = list_first_entry(&head, struct item, link);
	pr_info("first %d next %d last %d\n", item->number, list_next_entry(item, link)->number,
		list_last_entry(&head, struct item, link)->number);
	list_for_each_entry_continue(item, &head, link) pr_info("continued at %d\n", item->number);
}

static void print_hash(const char *what, struct hlist_head *head)
{
	struct item *item;

	pr_info("%s:", what);
	hlist_for_each_entry(item, head, hash_link) pr_cont(" %d", item->number);
	pr_cont("\n");
}

static void hash_lists(void)
{
	HLIST_HEAD(head);
	HLIST_HEAD(other);
	struct item *item;
	struct hlist_node *next;

	pr_info("hlist: empty %d unhashed %d\n", hlist_empty(&head),
		hlist_unhashed(&items[0].hash_link));
	hlist_add_head(&items[0].hash_link, &head);
	hlist_add_head(&items[1].hash_link, &head);
	hlist_add_before(&items[2].hash_link, &items[0].hash_link);
	hlist_add_behind(&items[3].hash_link, &items[0].hash_link);
	print_hash("hlist", &head);
	hlist_del(&items[1].hash_link);
	pr_info("del: unhashed %d poison %d\n", hlist_unhashed(&items[1].hash_link),
		items[1].hash_link.next == LIST_POISON1);
	hlist_del_init(&items[2].hash_link);
	pr_info("del_init: unhashed %d singular %d\n", hlist_unhashed(&items[2].hash_link),
		hlist_is_singular_node(&items[0].hash_link, &head));
	hlist_move_list(&head, &other);
	print_hash("moved", &other);
	pr_info("empty %d fake %d\n", hlist_empty(&head), hlist_fake(&items[0].hash_link));
	hlist_for_each_entry_safe(item, next, &other, hash_link) hlist_del_init(&item->hash_link);
	pr_info("empty %d\n", hlist_empty(&other));
}

static void lock_less_lists(void)
{
	LLIST_HEAD(head);
	struct llist_node *node;
	struct item *item, *next;

	pr_info("llist: empty %d", llist_empty(&head));
	pr_cont(" add %d", llist_add(&items[0].lock_less, &head));
	pr_cont(" add %d", llist_add(&items[1].lock_less, &head));
	pr_cont(" add %d\n", llist_add(&items[2].lock_less, &head));
	node = llist_del_first(&head);
	pr_info("del_first %d\n", llist_entry(node, struct item, lock_less)->number);
	llist_add(&items[3].lock_less, &head);
	node = llist_del_all(&head);
	pr_info("empty %d, all:", llist_empty(&head));
	llist_for_each_entry(item, node, lock_less) pr_cont(" %d", item->number);
	node = llist_reverse_order(node);
	pr_cont(", reversed:");
	llist_for_each_entry_safe(item, next, node, lock_less) pr_cont(" %d", item->number);
	pr_cont("\n");
	pr_info("nothing left: %d %d\n", llist_del_first(&head) == NULL,
		llist_del_all(&head) == NULL);
}

static int __init lists_init(void)
{
	lists();
	hash_lists();
	lock_less_lists();
	return 0;
}

static void __exit lists_exit(void)
{
}

module_init(lists_init);
module_exit(lists_exit);
MODULE_LICENSE("Dual MIT/GPL");
