/*
 * How CPUs and memory hang together: the machine has one node and one package, each CPU is a core of its own.
 */
#pragma once

#include <linux/cpumask.h>
#include <linux/numa.h>
#include <linux/smp.h>

#define LOCAL_DISTANCE 10
#define REMOTE_DISTANCE 20
#define node_distance(from, to) ((from) == (to) ? LOCAL_DISTANCE : REMOTE_DISTANCE)

static inline int cpu_to_node(int cpu)
{
	(void)cpu;
	return 0;
}

static inline const struct cpumask *cpumask_of_node(int node)
{
	(void)node;
	return cpu_online_mask;
}

static inline int numa_node_id(void)
{
	return 0;
}
#define numa_mem_id() numa_node_id()
#define cpu_to_mem(cpu) cpu_to_node(cpu)

#define topology_physical_package_id(cpu) ((void)(cpu), 0)
#define topology_die_id(cpu) ((void)(cpu), 0)
#define topology_core_id(cpu) ((int)(cpu))
#define topology_sibling_cpumask(cpu) cpumask_of(cpu)
#define topology_core_cpumask(cpu) ((void)(cpu), cpu_online_mask)
