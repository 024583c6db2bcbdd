/*
 * Lists that readers walk under rcu_read_lock() while one updater at a time changes them. An
 * element that was taken out keeps its next pointer for the readers that are still at it; it may be
 * freed after a grace period.
 */
#pragma once

#include <linux/list.h>
#include <linux/rcu_pointers.h>
#include <linux/rcupdate.h>

#define list_next_rcu(list) (*((struct list_head __rcu **)(&(list)->next)))

static inline void INIT_LIST_HEAD_RCU(struct list_head *list)
{
	WRITE_ONCE(list->next, list);
	WRITE_ONCE(list->prev, list);
}

static inline void __list_add_rcu(struct list_head *entry, struct list_head *prev,
				  struct list_head *next)
{
	entry->next = next;
	entry->prev = prev;
	rcu_assign_pointer(list_next_rcu(prev), entry);
	next->prev = entry;
}

static inline void list_add_rcu(struct list_head *entry, struct list_head *head)
{
	__list_add_rcu(entry, head, head->next);
}

static inline void list_add_tail_rcu(struct list_head *entry, struct list_head *head)
{
	__list_add_rcu(entry, head->prev, head);
}

static inline void list_del_rcu(struct list_head *entry)
{
	__list_del_entry(entry);
	entry->prev = (struct list_head *)LIST_POISON2;
}

static inline void list_replace_rcu(struct list_head *old, struct list_head *entry)
{
	entry->next = old->next;
	entry->prev = old->prev;
	rcu_assign_pointer(list_next_rcu(entry->prev), entry);
	entry->next->prev = entry;
	old->prev = (struct list_head *)LIST_POISON2;
}

/* Moves all elements of `list`; `sync` is synchronize_rcu() or its like. */
static inline void __list_splice_init_rcu(struct list_head *list, struct list_head *prev,
					  struct list_head *next, void (*sync)(void))
{
	struct list_head *first = list->next;
	struct list_head *last = list->prev;

	INIT_LIST_HEAD_RCU(list);
	sync();
	last->next = next;
	rcu_assign_pointer(list_next_rcu(prev), first);
	first->prev = prev;
	next->prev = last;
}

static inline void list_splice_init_rcu(struct list_head *list, struct list_head *head,
					void (*sync)(void))
{
	if (!list_empty(list))
		__list_splice_init_rcu(list, head, head->next, sync);
}

static inline void list_splice_tail_init_rcu(struct list_head *list, struct list_head *head,
					     void (*sync)(void))
{
	if (!list_empty(list))
		__list_splice_init_rcu(list, head->prev, head, sync);
}

#define list_entry_rcu(ptr, type, member)      container_of(rcu_dereference_raw(ptr), type, member)
#define list_entry_lockless(ptr, type, member) list_entry_rcu(ptr, type, member)
#define list_first_or_null_rcu(ptr, type, member)                                                  \
	({                                                                                         \
		struct list_head *__ptr = (ptr);                                                   \
		struct list_head *__next = rcu_dereference_raw(__ptr->next);                       \
		likely(__ptr != __next) ? container_of(__next, type, member) : NULL;               \
	})
#define list_next_or_null_rcu(head, ptr, type, member)                                             \
	({                                                                                         \
		struct list_head *__head = (head);                                                 \
		struct list_head *__next = rcu_dereference_raw((ptr)->next);                       \
		likely(__next != __head) ? container_of(__next, type, member) : NULL;              \
	})
#define list_for_each_entry_rcu(pos, head, member, cond...)                                        \
	for (pos = list_entry_rcu((head)->next, __typeof__(*pos), member); &pos->member != (head); \
	     pos = list_entry_rcu(pos->member.next, __typeof__(*pos), member))
#define list_for_each_entry_srcu(pos, head, member, cond) list_for_each_entry_rcu(pos, head, member)
#define list_for_each_entry_lockless(pos, head, member)	  list_for_each_entry_rcu(pos, head, member)
#define list_for_each_entry_continue_rcu(pos, head, member)                                        \
	for (pos = list_entry_rcu(pos->member.next, __typeof__(*pos), member);                     \
	     &pos->member != (head);                                                               \
	     pos = list_entry_rcu(pos->member.next, __typeof__(*pos), member))
#define list_for_each_entry_from_rcu(pos, head, member)                                            \
	for (; &(pos)->member != (head);                                                           \
	     pos = list_entry_rcu(pos->member.next, __typeof__(*(pos)), member))

#define hlist_first_rcu(head) (*((struct hlist_node __rcu **)(&(head)->first)))
#define hlist_next_rcu(node)  (*((struct hlist_node __rcu **)(&(node)->next)))
#define hlist_pprev_rcu(node) (*((struct hlist_node __rcu **)((node)->pprev)))

static inline void hlist_del_rcu(struct hlist_node *n)
{
	__hlist_del(n);
	WRITE_ONCE(n->pprev, (struct hlist_node **)LIST_POISON2);
}

static inline void hlist_del_init_rcu(struct hlist_node *n)
{
	if (!hlist_unhashed(n)) {
		__hlist_del(n);
		WRITE_ONCE(n->pprev, (struct hlist_node **)NULL);
	}
}

static inline void hlist_replace_rcu(struct hlist_node *old, struct hlist_node *entry)
{
	struct hlist_node *next = old->next;

	entry->next = next;
	WRITE_ONCE(entry->pprev, old->pprev);
	rcu_assign_pointer(*(struct hlist_node __rcu **)entry->pprev, entry);
	if (next)
		WRITE_ONCE(entry->next->pprev, &entry->next);
	WRITE_ONCE(old->pprev, (struct hlist_node **)LIST_POISON2);
}

static inline void hlist_add_head_rcu(struct hlist_node *n, struct hlist_head *h)
{
	struct hlist_node *first = h->first;

	n->next = first;
	WRITE_ONCE(n->pprev, &h->first);
	rcu_assign_pointer(hlist_first_rcu(h), n);
	if (first)
		WRITE_ONCE(first->pprev, &n->next);
}

static inline void hlist_add_tail_rcu(struct hlist_node *n, struct hlist_head *h)
{
	struct hlist_node *i, *last = NULL;

	for (i = h->first; i; i = i->next)
		last = i;
	if (last) {
		n->next = last->next;
		WRITE_ONCE(n->pprev, &last->next);
		rcu_assign_pointer(hlist_next_rcu(last), n);
	} else {
		hlist_add_head_rcu(n, h);
	}
}

static inline void hlist_add_before_rcu(struct hlist_node *n, struct hlist_node *next)
{
	WRITE_ONCE(n->pprev, next->pprev);
	n->next = next;
	rcu_assign_pointer(hlist_pprev_rcu(n), n);
	WRITE_ONCE(next->pprev, &n->next);
}

static inline void hlist_add_behind_rcu(struct hlist_node *n, struct hlist_node *prev)
{
	n->next = prev->next;
	WRITE_ONCE(n->pprev, &prev->next);
	rcu_assign_pointer(hlist_next_rcu(prev), n);
	if (n->next)
		WRITE_ONCE(n->next->pprev, &n->next);
}

#define __hlist_for_each_rcu(pos, head)                                                            \
	for (pos = rcu_dereference(hlist_first_rcu(head)); pos;                                    \
	     pos = rcu_dereference(hlist_next_rcu(pos)))
#define hlist_for_each_entry_rcu(pos, head, member, cond...)                                       \
	for (pos = hlist_entry_safe(rcu_dereference_raw(hlist_first_rcu(head)),                    \
				    __typeof__(*(pos)), member);                                   \
	     pos; pos = hlist_entry_safe(rcu_dereference_raw(hlist_next_rcu(&(pos)->member)),      \
					 __typeof__(*(pos)), member))
#define hlist_for_each_entry_rcu_bh(pos, head, member) hlist_for_each_entry_rcu(pos, head, member)
#define hlist_for_each_entry_srcu(pos, head, member, cond)                                         \
	hlist_for_each_entry_rcu(pos, head, member)
#define hlist_for_each_entry_rcu_notrace(pos, head, member)                                        \
	hlist_for_each_entry_rcu(pos, head, member)
#define hlist_for_each_entry_continue_rcu(pos, member)                                             \
	for (pos = hlist_entry_safe(rcu_dereference_raw(hlist_next_rcu(&(pos)->member)),           \
				    __typeof__(*(pos)), member);                                   \
	     pos; pos = hlist_entry_safe(rcu_dereference_raw(hlist_next_rcu(&(pos)->member)),      \
					 __typeof__(*(pos)), member))
