/*
 * SMP with one big lock: there is one operating system in the memory of all CPUs, and any CPU may execute it, but only
 * one at a time. The whole kernel is one critical region.
 */
#include "scheduler.h"

static void enter_kernel(struct os *os, enum os_region region)
{
	os_take_lock(&os->big_lock, region);
}

static void leave_kernel(struct os *os, enum os_region region)
{
	os_drop_lock(&os->big_lock, region);
}

const struct os_organisation os_smp = {
	.name = "smp",
	.title = "SMP, one big lock",
	.queues = OS_ONE,
	.pools = OS_ONE,
	.caches = OS_ONE,
	.enter_kernel = enter_kernel,
	.leave_kernel = leave_kernel,
	.enter = os_use_freely,
	.leave = os_use_freely,
	.next_process = os_next_of_all,
	.make_ready = os_make_ready_for_all,
	.system_call = os_call_here,
};
