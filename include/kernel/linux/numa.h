/*
 * Memory nodes: the machine has one.
 */
#pragma once

#define NODES_SHIFT  0
#define MAX_NUMNODES (1 << NODES_SHIFT)
#define NUMA_NO_NODE (-1)
