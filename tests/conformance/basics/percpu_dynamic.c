// SPDX-License-Identifier: MIT
// conformance: alloc_percpu() gives zeroed copies; an address of another CPU's copy is another address
// drive: taskset -c 2 insmod $MODULE
#include <linux/module.h>
#include <linux/percpu.h>

struct statistics {
	u64 packets;
	char name[5];
};

static int __init percpu_dynamic_init(void)
{
	struct statistics __percpu *all = alloc_percpu(struct statistics);
	struct statistics *mine;
	int cpu;

	if (!all)
		return -ENOMEM;
	for_each_possible_cpu(cpu)
		pr_info("cpu:%d\tpackets:%llu name:'%s'\n", cpu, per_cpu_ptr(all, cpu)->packets,
			per_cpu_ptr(all, cpu)->name);
	mine = get_cpu_ptr(all);
	mine->packets = 1000;
	strscpy(mine->name, "eth0 and more", sizeof(mine->name));
	pr_info("mine is that of CPU 2: %s, aligned to 8: %s\n", mine == per_cpu_ptr(all, 2) ? "yes" : "no",
		IS_ALIGNED((unsigned long)mine, 8) ? "yes" : "no");
	put_cpu_ptr(all);
	for_each_possible_cpu(cpu)
		pr_info("cpu:%d\tpackets:%llu name:'%s'\n", cpu, per_cpu_ptr(all, cpu)->packets,
			per_cpu_ptr(all, cpu)->name);
	free_percpu(all);
	free_percpu(NULL);
	return -ENODEV;
}

module_init(percpu_dynamic_init);
MODULE_LICENSE("Dual MIT/GPL");
