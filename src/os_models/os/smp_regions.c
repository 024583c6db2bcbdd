/*
 * SMP with a lock for each region: scheduler, memory and files do not interact, so one CPU may be in each at the same
 * time. No CPU is ever in two.
 */
#include "scheduler.h"

const struct os_organisation os_smp_regions = {
	.name = "smp-regions",
	.title = "SMP, a lock per region",
	.queues = OS_ONE,
	.pools = OS_ONE,
	.caches = OS_ONE,
	.is_interruptible = true,
	.enter_kernel = os_enter_freely,
	.leave_kernel = os_enter_freely,
	.enter = os_take_lock,
	.leave = os_drop_lock,
	.next_process = os_next_of_all,
	.make_ready = os_make_ready_for_all,
	.system_call = os_call_here,
};
