// SPDX-License-Identifier: MIT
// conformance: RCU lists: what an element points to once it is out, replacing, splicing, searching, both kinds of lists
#include <linux/module.h>
#include <linux/rculist.h>
#include <linux/rcupdate.h>

struct item {
	struct list_head list;
	struct hlist_node node;
	char name;
};

static struct item items[] = {{.name = 'a'}, {.name = 'b'}, {.name = 'c'}, {.name = 'd'}};
static LIST_HEAD(list);
static LIST_HEAD(other);
static HLIST_HEAD(hlist);

static void show(const char *what)
{
	struct item *item;
	char text[16];
	int length = 0;

	rcu_read_lock();
	list_for_each_entry_rcu(item, &list, list) text[length++] = item->name;
	text[length++] = '/';
	hlist_for_each_entry_rcu(item, &hlist, node) text[length++] = item->name;
	rcu_read_unlock();
	text[length] = 0;
	pr_info("%-22s %s\n", what, text);
}

static void no_wait(void)
{
}

static void show_lists(void)
{
	struct item *first;

	list_add_rcu(&items[0].list, &list);
	list_add_rcu(&items[1].list, &list);
	list_add_tail_rcu(&items[2].list, &list);
	show("list_add");
	list_del_rcu(&items[0].list);
	show("list_del_rcu a");
	pr_info("next stays %d, prev is poison %d\n", items[0].list.next == &items[2].list,
		items[0].list.prev == LIST_POISON2);
	list_replace_rcu(&items[1].list, &items[3].list);
	show("list_replace_rcu b d");
	pr_info("next stays %d, prev is poison %d\n", items[1].list.next == &items[2].list,
		items[1].list.prev == LIST_POISON2);
	rcu_read_lock();
	first = list_first_or_null_rcu(&list, struct item, list);
	pr_info("first %c\n", first ? first->name : '-');
	first = list_next_or_null_rcu(&list, &items[3].list, struct item, list);
	pr_info("next %c\n", first ? first->name : '-');
	first = list_next_or_null_rcu(&list, &items[2].list, struct item, list);
	pr_info("next %c\n", first ? first->name : '-');
	first = list_first_or_null_rcu(&other, struct item, list);
	pr_info("first of an empty list %c\n", first ? first->name : '-');
	rcu_read_unlock();
	list_add(&items[0].list, &other);
	list_splice_init_rcu(&other, &list, no_wait);
	show("list_splice_init_rcu");
	pr_info("the other is empty %d\n", list_empty(&other));
	list_add(&items[1].list, &other);
	list_splice_tail_init_rcu(&other, &list, no_wait);
	show("splice_tail_init_rcu");
}

static void show_hlists(void)
{
	hlist_add_head_rcu(&items[0].node, &hlist);
	hlist_add_head_rcu(&items[1].node, &hlist);
	show("hlist_add_head_rcu");
	hlist_add_behind_rcu(&items[2].node, &items[1].node);
	show("hlist_add_behind_rcu");
	hlist_add_before_rcu(&items[3].node, &items[1].node);
	show("hlist_add_before_rcu");
	hlist_del_rcu(&items[2].node);
	show("hlist_del_rcu c");
	pr_info("next stays %d, pprev is poison %d, unhashed %d\n",
		items[2].node.next == &items[0].node, items[2].node.pprev == LIST_POISON2,
		hlist_unhashed(&items[2].node));
	hlist_del_init_rcu(&items[0].node);
	show("hlist_del_init_rcu a");
	pr_info("next %d, unhashed %d\n", items[0].node.next != NULL,
		hlist_unhashed(&items[0].node));
	hlist_del_init_rcu(&items[0].node);
	hlist_replace_rcu(&items[1].node, &items[0].node);
	show("hlist_replace_rcu b a");
	hlist_add_tail_rcu(&items[1].node, &hlist);
	show("hlist_add_tail_rcu");
}

static int __init lists_init(void)
{
	show("empty");
	show_lists();
	show_hlists();
	return 0;
}

static void __exit lists_exit(void)
{
}

module_init(lists_init);
module_exit(lists_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("RCU lists");
