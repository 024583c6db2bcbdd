// SPDX-License-Identifier: MIT
// conformance: RCU pointers: publishing, replacing, reading with and without a reader, and freeing after a grace period
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

struct node {
	struct rcu_head rcu;
	int value;
};

static struct node __rcu *pointer;
static int freed;

static void free_node(struct rcu_head *head)
{
	freed++;
	kfree(container_of(head, struct node, rcu));
}

static struct node *new_node(int value)
{
	struct node *node = kzalloc(sizeof(*node), GFP_KERNEL);

	if (node)
		node->value = value;
	return node;
}

static void show(const char *what)
{
	struct node *node;

	rcu_read_lock();
	node = rcu_dereference(pointer);
	pr_info("%s: %d, access_pointer %d, same as protected %d\n", what, node ? node->value : -1,
		rcu_access_pointer(pointer) != NULL, rcu_dereference_protected(pointer, 1) == node);
	rcu_read_unlock();
}

static int __init pointers_init(void)
{
	struct node *old;

	show("NULL");
	rcu_assign_pointer(pointer, new_node(1));
	show("assigned");
	old = rcu_replace_pointer(pointer, new_node(2), true);
	show("replaced");
	pr_info("the old one %d\n", old ? old->value : -1);
	if (old)
		call_rcu(&old->rcu, free_node);
	old = rcu_replace_pointer(pointer, new_node(3), true);
	kfree_rcu(old, rcu);
	old = rcu_dereference_check(pointer, 1);
	RCU_INIT_POINTER(pointer, NULL);
	show("NULL again");
	kfree_rcu(old, rcu);
	old = NULL;
	kfree_rcu(old, rcu);
	rcu_barrier();
	pr_info("freed by callbacks %d\n", freed);
	pr_info("rcu_pointer_handoff %d\n", rcu_pointer_handoff(5));
	return 0;
}

static void __exit pointers_exit(void)
{
}

module_init(pointers_init);
module_exit(pointers_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("RCU pointers");
