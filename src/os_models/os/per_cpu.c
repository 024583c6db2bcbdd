/*
 * An operating system for each CPU: memory is divided, each CPU has its own processes, pages and buffers, and only the
 * code is shared. Nothing is locked, because nothing is used by two CPUs. The price: a CPU does the system calls of its
 * own processes only, it idles beside loaded ones, it pages while another has free frames, and a disk block may be in
 * two caches with different contents.
 */
#include "run_queue.h"
#include "scheduler.h"

static struct os_process *next_process(struct os *os)
{
	const u32 cpu = os_this_cpu();
	struct os_process *p = os_run_queue_pop(os, os_queue_of(os, cpu), cpu);

	if (p)
		os_work(os->config.dispatch_ns);
	return p;
}

/* Devices interrupt the CPU that started them, so this is the CPU to which the process belongs. */
static void make_ready(struct os *os, struct os_process *p)
{
	os_run_queue_push(os, os_queue_of(os, os_this_cpu()), p);
	if (p->is_first)
		os_tell_to_switch(os, os_this_cpu());
}

const struct os_organisation os_per_cpu = {
	.name = "per-cpu",
	.title = "an OS per CPU",
	.queues = OS_EACH_CPU,
	.pools = OS_EACH_CPU,
	.caches = OS_EACH_CPU,
	.is_interruptible = true,
	.enter_kernel = os_enter_freely,
	.leave_kernel = os_enter_freely,
	.enter = os_use_freely,
	.leave = os_use_freely,
	.next_process = next_process,
	.make_ready = make_ready,
	.system_call = os_call_here,
};
