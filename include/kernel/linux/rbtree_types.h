/*
 * The types of red-black trees.
 */
#pragma once

#include <linux/stddef.h>

/* The parent's address; its lowest bit is the node's colour (1 is black). */
struct rb_node {
	unsigned long __rb_parent_color;
	struct rb_node *rb_right;
	struct rb_node *rb_left;
} __attribute__((aligned(sizeof(long))));

struct rb_root {
	struct rb_node *rb_node;
};

/* A tree that knows its first node. */
struct rb_root_cached {
	struct rb_root rb_root;
	struct rb_node *rb_leftmost;
};

#ifdef __cplusplus
#define RB_ROOT	       (rb_root{NULL})
#define RB_ROOT_CACHED (rb_root_cached{{NULL}, NULL})
#else
#define RB_ROOT	       ((struct rb_root){NULL})
#define RB_ROOT_CACHED ((struct rb_root_cached){{NULL}, NULL})
#endif
