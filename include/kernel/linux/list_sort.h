/*
 * Stable sorting of a list by merging.
 */
#pragma once

#include <linux/compiler.h>
#include <linux/types.h>

typedef int (*list_cmp_func_t)(void *priv, const struct list_head *a, const struct list_head *b);

/* Merges two chains, whose ends have a NULL next pointer, into one. */
static inline struct list_head *__list_sort_merge(void *priv, list_cmp_func_t cmp,
						  struct list_head *a, struct list_head *b)
{
	struct list_head *first = NULL, **tail = &first;

	while (a && b) {
		struct list_head **lower = cmp(priv, a, b) <= 0 ? &a : &b;

		*tail = *lower;
		tail = &(*tail)->next;
		*lower = *tail;
	}
	*tail = a ? a : b;
	return first;
}

/* `cmp` gives a positive number when `a` belongs behind `b`. Context: as `cmp`. */
static inline void list_sort(void *priv, struct list_head *head, list_cmp_func_t cmp)
{
	/* pending[i] is a sorted chain of 2^i elements, or NULL. */
	struct list_head *pending[32] = {NULL};
	struct list_head *element = head->next, *sorted = NULL, *prev;
	unsigned int i, used = 0;

	if (head->next == head->prev)
		return;
	head->prev->next = NULL;
	while (element) {
		struct list_head *chain = element;

		element = element->next;
		chain->next = NULL;
		for (i = 0; pending[i]; i++) {
			chain = __list_sort_merge(priv, cmp, pending[i], chain);
			pending[i] = NULL;
		}
		pending[i] = chain;
		if (i >= used)
			used = i + 1;
	}
	for (i = 0; i < used; i++)
		if (pending[i])
			sorted = sorted ? __list_sort_merge(priv, cmp, pending[i], sorted)
					: pending[i];

	for (prev = head; sorted; prev = sorted, sorted = sorted->next) {
		prev->next = sorted;
		sorted->prev = prev;
	}
	prev->next = head;
	head->prev = prev;
}
