/*
 * A radix tree from numbers to pointers: what struct idr and struct xarray are made of. A node has
 * 16 slots; a leaf's slots hold the entries, an inner node's slots hold nodes. Every node knows
 * which of its slots are full, so that the first free number is found on one way down. Writers are
 * serialised by the caller; readers need only rcu_read_lock(): slots are published with
 * rcu_assign_pointer() and nodes are freed after a grace period.
 */
#pragma once

#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/rcu_pointers.h>
#include <linux/stddef.h>
#include <linux/types.h>

#define RADIX_SLOTS_SHIFT      4
#define RADIX_SLOTS_SIZE       (1U << RADIX_SLOTS_SHIFT)
#define RADIX_SLOTS_ALL_FULL   0xffff
#define RADIX_SLOTS_HEIGHT_MAX 16
#define RADIX_SLOTS_MARKS      3

struct radix_slots_node {
	struct rcu_head rcu;
	unsigned char shift; /* 0 in a leaf */
	unsigned char count; /* slots in use */
	u16 full;	     /* one bit for each slot; in a leaf: in use */
	u16 marks[RADIX_SLOTS_MARKS];
	void *slots[RADIX_SLOTS_SIZE];
};

/* The way from the root to the leaf of a number. */
struct radix_slots_path {
	unsigned int depth;
	struct radix_slots_node *nodes[RADIX_SLOTS_HEIGHT_MAX];
};

KLOOM_BEGIN_DECLS
/* A zeroed node, or NULL. Context: as kmalloc(). */
extern struct radix_slots_node *kloom_radix_slots_alloc(gfp_t gfp);
/* Frees the node when no reader can be at it. Context: any. */
extern void kloom_radix_slots_free(struct radix_slots_node *node);
KLOOM_END_DECLS

static __always_inline unsigned int __radix_slots_offset(const struct radix_slots_node *node,
							 unsigned long index)
{
	return (index >> node->shift) & (RADIX_SLOTS_SIZE - 1);
}

/* The largest number that a tree with this root holds. */
static __always_inline unsigned long __radix_slots_max(const struct radix_slots_node *node)
{
	unsigned int bits = node->shift + RADIX_SLOTS_SHIFT;

	return bits >= 64 ? ~0UL : (1UL << bits) - 1;
}

static inline struct radix_slots_node *__radix_slots_leaf(struct radix_slots_node **root,
							  unsigned long index)
{
	struct radix_slots_node *node = rcu_dereference_raw(*root);

	if (!node || index > __radix_slots_max(node))
		return NULL;
	while (node && node->shift)
		node = (struct radix_slots_node *)rcu_dereference_raw(
			node->slots[__radix_slots_offset(node, index)]);
	return node;
}

static inline void *radix_slots_load(struct radix_slots_node **root, unsigned long index)
{
	struct radix_slots_node *leaf = __radix_slots_leaf(root, index);

	return leaf ? rcu_dereference_raw(leaf->slots[index & (RADIX_SLOTS_SIZE - 1)]) : NULL;
}

/* Grows the tree until it has a place for `index`: 0 or -ENOMEM. */
static inline int __radix_slots_grow(struct radix_slots_node **root, unsigned long index, gfp_t gfp)
{
	struct radix_slots_node *top = *root, *above;

	if (!top) {
		top = kloom_radix_slots_alloc(gfp);
		if (!top)
			return -ENOMEM;
		while (index > __radix_slots_max(top))
			top->shift += RADIX_SLOTS_SHIFT;
		rcu_assign_pointer(*root, top);
		return 0;
	}
	while (index > __radix_slots_max(top)) {
		above = kloom_radix_slots_alloc(gfp);
		if (!above)
			return -ENOMEM;
		above->shift = top->shift + RADIX_SLOTS_SHIFT;
		above->slots[0] = top;
		above->count = 1;
		above->full = top->full == RADIX_SLOTS_ALL_FULL;
		rcu_assign_pointer(*root, above);
		top = above;
	}
	return 0;
}

/* Corrects the full bits from the leaf upwards and takes out nodes that became empty. */
static inline void __radix_slots_settle(struct radix_slots_node **root, unsigned long index,
					struct radix_slots_path *path)
{
	unsigned int i;

	for (i = path->depth; i-- > 0;) {
		struct radix_slots_node *node = path->nodes[i];
		struct radix_slots_node *parent = i ? path->nodes[i - 1] : NULL;
		u16 bit = parent ? (u16)(1U << __radix_slots_offset(parent, index)) : 0;

		if (!node->count) {
			if (parent) {
				WRITE_ONCE(parent->slots[__radix_slots_offset(parent, index)],
					   (void *)NULL);
				parent->count--;
				parent->full &= (u16)~bit;
			} else {
				WRITE_ONCE(*root, (struct radix_slots_node *)NULL);
			}
			kloom_radix_slots_free(node);
		} else if (parent) {
			bool is_full = node->full == RADIX_SLOTS_ALL_FULL;

			if (is_full == !!(parent->full & bit))
				return;
			parent->full ^= bit;
		}
	}
}

/* Walks to the leaf of `index`; with `create` adds the nodes that are missing: 0, -ENOENT or
 * -ENOMEM. */
static inline int __radix_slots_walk(struct radix_slots_node **root, unsigned long index,
				     bool create, gfp_t gfp, struct radix_slots_path *path)
{
	struct radix_slots_node *node, *child;

	if (create && __radix_slots_grow(root, index, gfp))
		return -ENOMEM;
	node = *root;
	if (!node || index > __radix_slots_max(node))
		return -ENOENT;
	path->depth = 0;
	for (;;) {
		unsigned int offset = __radix_slots_offset(node, index);

		path->nodes[path->depth++] = node;
		if (!node->shift)
			return 0;
		child = (struct radix_slots_node *)node->slots[offset];
		if (!child) {
			if (!create)
				return -ENOENT;
			child = kloom_radix_slots_alloc(gfp);
			if (!child) {
				__radix_slots_settle(root, index, path);
				return -ENOMEM;
			}
			child->shift = node->shift - RADIX_SLOTS_SHIFT;
			node->count++;
			rcu_assign_pointer(node->slots[offset], child);
		}
		node = child;
	}
}

/* Puts `entry` (NULL takes out) at `index`; *old becomes what was there. 0 or -ENOMEM. */
static inline int radix_slots_store(struct radix_slots_node **root, unsigned long index,
				    void *entry, gfp_t gfp, void **old)
{
	unsigned int offset = index & (RADIX_SLOTS_SIZE - 1), mark;
	struct radix_slots_path path;
	struct radix_slots_node *leaf;
	int error = __radix_slots_walk(root, index, entry != NULL, gfp, &path);

	*old = NULL;
	if (error)
		return error == -ENOENT ? 0 : error;
	leaf = path.nodes[path.depth - 1];
	*old = leaf->slots[offset];
	rcu_assign_pointer(leaf->slots[offset], entry);
	if (!*old == !entry)
		return 0;
	leaf->count = entry ? leaf->count + 1 : leaf->count - 1;
	leaf->full ^= (u16)(1U << offset);
	if (!entry)
		for (mark = 0; mark < RADIX_SLOTS_MARKS; mark++)
			leaf->marks[mark] &= (u16) ~(1U << offset);
	__radix_slots_settle(root, index, &path);
	return 0;
}

/* The first entry from *index up to `max`; *index becomes its number. NULL when there is none. */
static inline void *radix_slots_find(struct radix_slots_node **root, unsigned long *index,
				     unsigned long max)
{
	unsigned long i = *index;

	while (i <= max) {
		struct radix_slots_node *node = rcu_dereference_raw(*root);
		unsigned long span;
		void *entry;

		if (!node || i > __radix_slots_max(node))
			return NULL;
		for (;;) {
			entry = rcu_dereference_raw(node->slots[__radix_slots_offset(node, i)]);
			if (!entry || !node->shift)
				break;
			node = (struct radix_slots_node *)entry;
		}
		if (entry) {
			*index = i;
			return entry;
		}
		/* Nothing below this slot: go to the first number of the next one. */
		span = 1UL << node->shift;
		i = (i | (span - 1)) + 1;
		if (i == 0)
			return NULL;
	}
	return NULL;
}

/* Whether `index` has no entry; if not, *node is where all numbers of its slot are taken. */
static inline bool __radix_slots_is_free(struct radix_slots_node **node, unsigned long index)
{
	if (!*node || index > __radix_slots_max(*node))
		return true;
	for (;;) {
		unsigned int offset = __radix_slots_offset(*node, index);

		if ((*node)->full & (1U << offset))
			return false;
		if (!(*node)->shift || !(*node)->slots[offset])
			return true;
		*node = (struct radix_slots_node *)(*node)->slots[offset];
	}
}

/* The first number from *index up to `max` that has no entry: 0 or -ENOSPC. */
static inline int radix_slots_find_free(struct radix_slots_node **root, unsigned long *index,
					unsigned long max)
{
	unsigned long i = *index;

	while (i <= max) {
		struct radix_slots_node *node = *root;

		if (__radix_slots_is_free(&node, i)) {
			*index = i;
			return 0;
		}
		i = (i | ((1UL << node->shift) - 1)) + 1;
		if (i == 0)
			break;
	}
	return -ENOSPC;
}

/* Frees all nodes; the entries stay with their owner. */
static inline void radix_slots_destroy(struct radix_slots_node **root)
{
	struct radix_slots_node *way[RADIX_SLOTS_HEIGHT_MAX + 1];
	unsigned int next[RADIX_SLOTS_HEIGHT_MAX + 1];
	unsigned int depth = 0;

	if (!*root)
		return;
	way[0] = *root;
	next[0] = 0;
	WRITE_ONCE(*root, (struct radix_slots_node *)NULL);
	for (;;) {
		struct radix_slots_node *node = way[depth];
		struct radix_slots_node *child = NULL;

		while (node->shift && next[depth] < RADIX_SLOTS_SIZE && !child)
			child = (struct radix_slots_node *)node->slots[next[depth]++];
		if (child) {
			way[++depth] = child;
			next[depth] = 0;
			continue;
		}
		kloom_radix_slots_free(node);
		if (depth-- == 0)
			return;
	}
}
