// SPDX-License-Identifier: MIT
// conformance: CPU hotplug that fails: a startup callback's error rolls back, a teardown's keeps the CPU, bad values are refused
// drive: taskset -c 1 insmod $MODULE
// drive: taskset -c 1 sh -c 'echo 0 >/sys/devices/system/cpu/cpu3/online; echo "status $?"'
// drive: echo 1 >/proc/hotplug_errors
// drive: taskset -c 1 sh -c 'echo 1 >/sys/devices/system/cpu/cpu3/online; echo "status $?"' 2>&1
// drive: cat /sys/devices/system/cpu/online
// drive: echo 0 >/proc/hotplug_errors
// drive: taskset -c 1 sh -c 'echo 1 >/sys/devices/system/cpu/cpu3/online; echo "status $?"' 2>&1
// drive: cat /sys/devices/system/cpu/online
// drive: echo 2 >/proc/hotplug_errors
// drive: taskset -c 1 sh -c 'echo 0 >/sys/devices/system/cpu/cpu3/online; echo "status $?"' 2>&1
// drive: cat /sys/devices/system/cpu/online
// drive: echo 0 >/proc/hotplug_errors
// drive: taskset -c 1 sh -c 'echo 1 >/sys/devices/system/cpu/cpu3/online; echo "status $?"' 2>&1
// drive: taskset -c 1 sh -c 'echo 2 >/sys/devices/system/cpu/cpu3/online; echo "status $?"' 2>&1
// drive: taskset -c 1 sh -c 'echo no >/sys/devices/system/cpu/cpu3/online; echo "status $?"' 2>&1
// drive: taskset -c 1 sh -c 'echo y >/sys/devices/system/cpu/cpu3/online; echo "status $?"' 2>&1
// drive: cat /sys/devices/system/cpu/online
// drive: taskset -c 1 rmmod $MODULE
// open: ^\w+: write error -> sh: write error | which name a shell puts before its message
#include <linux/cpuhotplug.h>
#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/uaccess.h>

static int states[3];
static int failing;
static bool is_set_up;

static int below_up(unsigned int cpu)
{
	if (is_set_up)
		pr_info("below up %u\n", cpu);
	return 0;
}

static int below_down(unsigned int cpu)
{
	if (is_set_up)
		pr_info("below down %u\n", cpu);
	return 0;
}

static int middle_up(unsigned int cpu)
{
	if (is_set_up)
		pr_info("middle up %u: %d\n", cpu, failing == 1 ? -EPERM : 0);
	return failing == 1 ? -EPERM : 0;
}

static int middle_down(unsigned int cpu)
{
	if (is_set_up)
		pr_info("middle down %u: %d\n", cpu, failing == 2 ? -EBUSY : 0);
	return failing == 2 ? -EBUSY : 0;
}

static int above_up(unsigned int cpu)
{
	if (is_set_up)
		pr_info("above up %u\n", cpu);
	return 0;
}

static int above_down(unsigned int cpu)
{
	if (is_set_up)
		pr_info("above down %u\n", cpu);
	return 0;
}

static ssize_t write(struct file *file, const char __user *buffer, size_t size, loff_t *position)
{
	int error = kstrtoint_from_user(buffer, size, 10, &failing);

	return error ? error : size;
}

static const struct proc_ops ops = {.proc_write = write};

static int __init hotplug_errors_init(void)
{
	if (!proc_create("hotplug_errors", 0200, NULL, &ops))
		return -ENOMEM;
	states[0] =
		cpuhp_setup_state(CPUHP_AP_ONLINE_DYN, "conformance:below", below_up, below_down);
	states[1] = cpuhp_setup_state(CPUHP_AP_ONLINE_DYN, "conformance:middle", middle_up,
				      middle_down);
	states[2] =
		cpuhp_setup_state(CPUHP_AP_ONLINE_DYN, "conformance:above", above_up, above_down);
	is_set_up = true;
	return 0;
}

static void __exit hotplug_errors_exit(void)
{
	int i;

	is_set_up = false;
	for (i = 2; i >= 0; i--)
		cpuhp_remove_state(states[i]);
	remove_proc_entry("hotplug_errors", NULL);
}

module_init(hotplug_errors_init);
module_exit(hotplug_errors_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("CPU hotplug that fails");
