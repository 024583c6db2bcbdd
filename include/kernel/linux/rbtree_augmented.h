/*
 * Red-black trees: insertion, removal and rotation, with callbacks for trees whose nodes carry a
 * value computed from their subtree (the largest end of an interval, say). Plain trees use
 * callbacks that do nothing; the compiler removes them.
 *
 * The invariants: the root is black, a red node has black children, and every way from a node down
 * to a missing child passes the same number of black nodes. Insertion adds a red node and repairs a
 * red-red pair upwards; removal takes a node with at most one child out and, when it was black,
 * repairs the missing black upwards (Cormen et al., Introduction to Algorithms, chapter 13).
 *
 * A search may run beside one writer (under RCU, say): it may miss nodes but always ends, because
 * child pointers are written with WRITE_ONCE() and a rotation writes them from below to above.
 */
#pragma once

#include <linux/compiler.h>
#include <linux/rbtree_types.h>
#include <linux/rcu_pointers.h>
#include <linux/types.h>

#define RB_RED		  0
#define RB_BLACK	  1
#define __rb_parent(pc)	  ((struct rb_node *)((pc) & ~3UL))
#define __rb_color(pc)	  ((pc)&1)
#define __rb_is_black(pc) __rb_color(pc)
#define __rb_is_red(pc)	  (!__rb_color(pc))
#define rb_parent(r)	  ((struct rb_node *)((r)->__rb_parent_color & ~3UL))
#define rb_color(rb)	  __rb_color((rb)->__rb_parent_color)
#define rb_is_red(rb)	  __rb_is_red((rb)->__rb_parent_color)
#define rb_is_black(rb)	  __rb_is_black((rb)->__rb_parent_color)

struct rb_augment_callbacks {
	/* Recomputes from `node` up to below `stop`. */
	void (*propagate)(struct rb_node *node, struct rb_node *stop);
	/* `replacement` takes the place, and the value, of `old`. */
	void (*copy)(struct rb_node *old, struct rb_node *replacement);
	/* As copy; and the value of `old`, now below `replacement`, is computed anew. */
	void (*rotate)(struct rb_node *old, struct rb_node *replacement);
};

static inline void rb_set_parent_color(struct rb_node *rb, struct rb_node *parent,
				       unsigned long color)
{
	rb->__rb_parent_color = (unsigned long)parent | color;
}

static inline void rb_set_parent(struct rb_node *rb, struct rb_node *parent)
{
	rb_set_parent_color(rb, parent, rb_color(rb));
}

static inline void rb_set_color(struct rb_node *rb, unsigned long color)
{
	rb_set_parent_color(rb, rb_parent(rb), color);
}

/* `replacement` becomes the child of `parent` where `old` was; without a parent, the root. */
static inline void __rb_change_child(struct rb_node *old, struct rb_node *replacement,
				     struct rb_node *parent, struct rb_root *root)
{
	if (!parent)
		WRITE_ONCE(root->rb_node, replacement);
	else if (parent->rb_left == old)
		WRITE_ONCE(parent->rb_left, replacement);
	else
		WRITE_ONCE(parent->rb_right, replacement);
}

/* The right child of `node` rises above it; the colours change places. */
static inline void __rb_rotate_left(struct rb_node *node, struct rb_root *root,
				    void (*rotated)(struct rb_node *old,
						    struct rb_node *replacement))
{
	struct rb_node *child = node->rb_right, *inner = child->rb_left, *parent = rb_parent(node);
	unsigned long color = rb_color(node);

	WRITE_ONCE(node->rb_right, inner);
	WRITE_ONCE(child->rb_left, node);
	if (inner)
		rb_set_parent(inner, node);
	rb_set_parent_color(node, child, rb_color(child));
	rb_set_parent_color(child, parent, color);
	__rb_change_child(node, child, parent, root);
	rotated(node, child);
}

static inline void __rb_rotate_right(struct rb_node *node, struct rb_root *root,
				     void (*rotated)(struct rb_node *old,
						     struct rb_node *replacement))
{
	struct rb_node *child = node->rb_left, *inner = child->rb_right, *parent = rb_parent(node);
	unsigned long color = rb_color(node);

	WRITE_ONCE(node->rb_left, inner);
	WRITE_ONCE(child->rb_right, node);
	if (inner)
		rb_set_parent(inner, node);
	rb_set_parent_color(node, child, rb_color(child));
	rb_set_parent_color(child, parent, color);
	__rb_change_child(node, child, parent, root);
	rotated(node, child);
}

/* Repairs the pair of the red `node` and a red parent. */
static inline void __rb_insert_augmented(struct rb_node *node, struct rb_root *root,
					 void (*rotated)(struct rb_node *old,
							 struct rb_node *replacement))
{
	struct rb_node *parent, *grandparent, *uncle;

	while ((parent = rb_parent(node)) && rb_is_red(parent)) {
		grandparent = rb_parent(parent);
		uncle = grandparent->rb_left == parent ? grandparent->rb_right
						       : grandparent->rb_left;
		if (uncle && rb_is_red(uncle)) {
			rb_set_color(uncle, RB_BLACK);
			rb_set_color(parent, RB_BLACK);
			rb_set_color(grandparent, RB_RED);
			node = grandparent;
			continue;
		}
		if (grandparent->rb_left == parent) {
			if (parent->rb_right == node)
				__rb_rotate_left(parent, root, rotated);
			__rb_rotate_right(grandparent, root, rotated);
		} else {
			if (parent->rb_left == node)
				__rb_rotate_right(parent, root, rotated);
			__rb_rotate_left(grandparent, root, rotated);
		}
		break;
	}
	if (!rb_parent(node))
		rb_set_color(node, RB_BLACK);
}

/* One black is missing below `parent` where `node`, which may be NULL, is now. */
static inline void
__rb_erase_color(struct rb_node *node, struct rb_node *parent, struct rb_root *root,
		 void (*rotated)(struct rb_node *old, struct rb_node *replacement))
{
	struct rb_node *sibling, *outer, *inner;

	while (parent && (!node || rb_is_black(node))) {
		bool is_left = parent->rb_left == node;

		sibling = is_left ? parent->rb_right : parent->rb_left;
		if (rb_is_red(sibling)) {
			if (is_left)
				__rb_rotate_left(parent, root, rotated);
			else
				__rb_rotate_right(parent, root, rotated);
			sibling = is_left ? parent->rb_right : parent->rb_left;
		}
		outer = is_left ? sibling->rb_right : sibling->rb_left;
		inner = is_left ? sibling->rb_left : sibling->rb_right;
		if ((!outer || rb_is_black(outer)) && (!inner || rb_is_black(inner))) {
			rb_set_color(sibling, RB_RED);
			node = parent;
			parent = rb_parent(node);
			continue;
		}
		if (!outer || rb_is_black(outer)) {
			if (is_left)
				__rb_rotate_right(sibling, root, rotated);
			else
				__rb_rotate_left(sibling, root, rotated);
			sibling = inner;
			outer = is_left ? sibling->rb_right : sibling->rb_left;
		}
		if (is_left)
			__rb_rotate_left(parent, root, rotated);
		else
			__rb_rotate_right(parent, root, rotated);
		rb_set_color(outer, RB_BLACK);
		return;
	}
	if (node)
		rb_set_color(node, RB_BLACK);
}

/* Takes `node`, which has at most one child, out of the tree; returns where a black is missing, or
 * NULL. */
static inline struct rb_node *__rb_unlink_single(struct rb_node *node, struct rb_root *root)
{
	struct rb_node *child = node->rb_left ? node->rb_left : node->rb_right;
	struct rb_node *parent = rb_parent(node);

	__rb_change_child(node, child, parent, root);
	if (child) {
		/* A single child is red, so it can take over the black of its parent. */
		rb_set_parent_color(child, parent, rb_color(node));
		return NULL;
	}
	return rb_is_black(node) ? parent : NULL;
}

/* Takes out a node with two children: the next node, which has no left child, takes its place. */
static inline struct rb_node *__rb_unlink_double(struct rb_node *node, struct rb_root *root,
						 const struct rb_augment_callbacks *augment)
{
	struct rb_node *successor = node->rb_right, *rebalance, *below;

	while (successor->rb_left)
		successor = successor->rb_left;
	below = rb_parent(successor) == node ? successor : rb_parent(successor);
	rebalance = __rb_unlink_single(successor, root);
	if (rebalance == node)
		rebalance = successor;

	WRITE_ONCE(successor->rb_right, node->rb_right);
	WRITE_ONCE(successor->rb_left, node->rb_left);
	if (node->rb_right)
		rb_set_parent(node->rb_right, successor);
	rb_set_parent(node->rb_left, successor);
	__rb_change_child(node, successor, rb_parent(node), root);
	successor->__rb_parent_color = node->__rb_parent_color;

	augment->copy(node, successor);
	augment->propagate(below, successor);
	augment->propagate(successor, NULL);
	return rebalance;
}

static __always_inline struct rb_node *
__rb_erase_augmented(struct rb_node *node, struct rb_root *root,
		     const struct rb_augment_callbacks *augment)
{
	struct rb_node *rebalance;

	if (node->rb_left && node->rb_right)
		return __rb_unlink_double(node, root, augment);
	rebalance = __rb_unlink_single(node, root);
	augment->propagate(rb_parent(node), NULL);
	return rebalance;
}

static __always_inline void rb_erase_augmented(struct rb_node *node, struct rb_root *root,
					       const struct rb_augment_callbacks *augment)
{
	struct rb_node *rebalance = __rb_erase_augmented(node, root, augment);

	/* What is missing a black has no node: the removed one was a leaf. */
	if (rebalance)
		__rb_erase_color(NULL, rebalance, root, augment->rotate);
}

static __always_inline void rb_insert_augmented(struct rb_node *node, struct rb_root *root,
						const struct rb_augment_callbacks *augment)
{
	__rb_insert_augmented(node, root, augment->rotate);
}

static __always_inline void rb_insert_augmented_cached(struct rb_node *node,
						       struct rb_root_cached *root, bool newleft,
						       const struct rb_augment_callbacks *augment)
{
	if (newleft)
		root->rb_leftmost = node;
	rb_insert_augmented(node, &root->rb_root, augment);
}

/* Callbacks for a node type whose member `rbaugmented` is computed by rbcompute(node, exit): true
 * when it stayed the same. */
#define RB_DECLARE_CALLBACKS(rbstatic, rbname, rbstruct, rbfield, rbaugmented, rbcompute)          \
	static inline void rbname##_propagate(struct rb_node *rb, struct rb_node *stop)            \
	{                                                                                          \
		while (rb != stop) {                                                               \
			rbstruct *node = rb_entry(rb, rbstruct, rbfield);                          \
			if (rbcompute(node, true))                                                 \
				break;                                                             \
			rb = rb_parent(&node->rbfield);                                            \
		}                                                                                  \
	}                                                                                          \
	static inline void rbname##_copy(struct rb_node *rb_old, struct rb_node *rb_new)           \
	{                                                                                          \
		rb_entry(rb_new, rbstruct, rbfield)->rbaugmented =                                 \
			rb_entry(rb_old, rbstruct, rbfield)->rbaugmented;                          \
	}                                                                                          \
	static void rbname##_rotate(struct rb_node *rb_old, struct rb_node *rb_new)                \
	{                                                                                          \
		rbname##_copy(rb_old, rb_new);                                                     \
		rbcompute(rb_entry(rb_old, rbstruct, rbfield), false);                             \
	}                                                                                          \
	rbstatic const struct rb_augment_callbacks rbname = {rbname##_propagate, rbname##_copy,    \
							     rbname##_rotate};

/* As RB_DECLARE_CALLBACKS() for the largest `rbcompute(node)` of a subtree. */
#define RB_DECLARE_CALLBACKS_MAX(rbstatic, rbname, rbstruct, rbfield, rbtype, rbaugmented,         \
				 rbcompute)                                                        \
	static inline bool rbname##_compute_max(rbstruct *node, bool exit)                         \
	{                                                                                          \
		rbtype max = rbcompute(node);                                                      \
		if (node->rbfield.rb_left) {                                                       \
			rbstruct *child = rb_entry(node->rbfield.rb_left, rbstruct, rbfield);      \
			if (child->rbaugmented > max)                                              \
				max = child->rbaugmented;                                          \
		}                                                                                  \
		if (node->rbfield.rb_right) {                                                      \
			rbstruct *child = rb_entry(node->rbfield.rb_right, rbstruct, rbfield);     \
			if (child->rbaugmented > max)                                              \
				max = child->rbaugmented;                                          \
		}                                                                                  \
		if (exit && node->rbaugmented == max)                                              \
			return true;                                                               \
		node->rbaugmented = max;                                                           \
		return false;                                                                      \
	}                                                                                          \
	RB_DECLARE_CALLBACKS(rbstatic, rbname, rbstruct, rbfield, rbaugmented, rbname##_compute_max)
