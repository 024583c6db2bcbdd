/*
 * Hash tables of a fixed size: an array of struct hlist_head, whose length is a power of two.
 */
#pragma once

#include <linux/hash.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/rculist.h>
#include <linux/types.h>

#define DEFINE_HASHTABLE(name, bits)		 struct hlist_head name[1 << (bits)] = {HLIST_HEAD_INIT}
#define DEFINE_READ_MOSTLY_HASHTABLE(name, bits) DEFINE_HASHTABLE(name, bits)
#define DECLARE_HASHTABLE(name, bits)		 struct hlist_head name[1 << (bits)]
#define HASH_SIZE(name)				 (ARRAY_SIZE(name))
#define HASH_BITS(name)				 ilog2(HASH_SIZE(name))
#define hash_min(val, bits)			 (sizeof(val) <= 4 ? hash_32((u32)(val), bits) : hash_long(val, bits))

static inline void __hash_init(struct hlist_head *ht, unsigned int sz)
{
	unsigned int i;

	for (i = 0; i < sz; i++)
		INIT_HLIST_HEAD(&ht[i]);
}

static inline bool __hash_empty(struct hlist_head *ht, unsigned int sz)
{
	unsigned int i;

	for (i = 0; i < sz; i++)
		if (!hlist_empty(&ht[i]))
			return false;
	return true;
}

static inline bool hash_hashed(struct hlist_node *node)
{
	return !hlist_unhashed(node);
}

static inline void hash_del(struct hlist_node *node)
{
	hlist_del_init(node);
}

static inline void hash_del_rcu(struct hlist_node *node)
{
	hlist_del_init_rcu(node);
}

#define hash_init(hashtable)		   __hash_init(hashtable, HASH_SIZE(hashtable))
#define hash_empty(hashtable)		   __hash_empty(hashtable, HASH_SIZE(hashtable))
#define __hash_bucket(hashtable, key)	   (&hashtable[hash_min(key, HASH_BITS(hashtable))])
#define hash_add(hashtable, node, key)	   hlist_add_head(node, __hash_bucket(hashtable, key))
#define hash_add_rcu(hashtable, node, key) hlist_add_head_rcu(node, __hash_bucket(hashtable, key))

#define hash_for_each(name, bkt, obj, member)                                                      \
	for ((bkt) = 0, obj = NULL; obj == NULL && (bkt) < (int)HASH_SIZE(name); (bkt)++)          \
	hlist_for_each_entry(obj, &name[bkt], member)
#define hash_for_each_rcu(name, bkt, obj, member)                                                  \
	for ((bkt) = 0, obj = NULL; obj == NULL && (bkt) < (int)HASH_SIZE(name); (bkt)++)          \
	hlist_for_each_entry_rcu(obj, &name[bkt], member)
#define hash_for_each_safe(name, bkt, tmp, obj, member)                                            \
	for ((bkt) = 0, obj = NULL; obj == NULL && (bkt) < (int)HASH_SIZE(name); (bkt)++)          \
	hlist_for_each_entry_safe(obj, tmp, &name[bkt], member)
#define hash_for_each_possible(name, obj, member, key)                                             \
	hlist_for_each_entry(obj, __hash_bucket(name, key), member)
#define hash_for_each_possible_rcu(name, obj, member, key, cond...)                                \
	hlist_for_each_entry_rcu(obj, __hash_bucket(name, key), member)
#define hash_for_each_possible_rcu_notrace(name, obj, member, key)                                 \
	hash_for_each_possible_rcu(name, obj, member, key)
#define hash_for_each_possible_safe(name, obj, tmp, member, key)                                   \
	hlist_for_each_entry_safe(obj, tmp, __hash_bucket(name, key), member)
