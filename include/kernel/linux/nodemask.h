/*
 * Sets of memory nodes: the machine has one.
 */
#pragma once

#include <linux/bitmap.h>
#include <linux/numa.h>

typedef struct {
	DECLARE_BITMAP(bits, MAX_NUMNODES);
} nodemask_t;

#define first_online_node	   0
#define nr_node_ids		   1U
#define nr_online_nodes		   1U
#define num_online_nodes()	   1
#define num_possible_nodes()	   1
#define node_online(node)	   ((node) == 0)
#define node_possible(node)	   ((node) == 0)
#define for_each_node(node)	   for ((node) = 0; (node) < 1; (node)++)
#define for_each_online_node(node) for_each_node(node)
