/*
 * SMP with per-CPU structures: every CPU has a run queue and a list of free pages, and buffers are spread over as many
 * caches. A CPU uses its own, with a lock that is nearly always free; only when it has nothing left it takes from
 * another one. It never holds two of these locks.
 */
#include "run_queue.h"
#include "scheduler.h"

static struct os_process *pop(struct os *os, u32 owner, u32 cpu)
{
	struct os_run_queue *queue = os_queue_of(os, owner);
	struct os_process *p;

	os_take_lock(&queue->lock, OS_SCHEDULER);
	p = os_run_queue_pop(os, queue, cpu);
	if (!queue->count)
		clear_bit(owner, os->has_ready);
	os_drop_lock(&queue->lock, OS_SCHEDULER);
	return p;
}

static struct os_process *pop_or_steal(struct os *os, u32 cpu)
{
	struct os_process *p = pop(os, cpu, cpu);
	s32 victim;

	while (!p && (victim = os_next_in_mask(os, os->has_ready, cpu)) != OS_NOWHERE)
		p = pop(os, (u32)victim, cpu);
	return p;
}

static struct os_process *next_process(struct os *os)
{
	const u32 cpu = os_this_cpu();
	struct os_process *p = pop_or_steal(os, cpu);

	if (!p) {
		/*
		 * Who makes a process ready sets has_ready, then reads idle; this CPU sets idle, then reads has_ready:
		 * one of the two sees the other.
		 */
		set_bit(cpu, os->idle);
		p = pop_or_steal(os, cpu);
		if (p)
			clear_bit(cpu, os->idle);
	}
	if (p)
		os_work(os->config.dispatch_ns);
	return p;
}

static void push(struct os *os, struct os_process *p, u32 cpu)
{
	struct os_run_queue *queue = os_queue_of(os, cpu);

	os_take_lock(&queue->lock, OS_SCHEDULER);
	os_run_queue_push(os, queue, p);
	set_bit(cpu, os->has_ready);
	os_drop_lock(&queue->lock, OS_SCHEDULER);
}

/* To the CPU where it ran last, whose cache has its data, unless only another one is idle. */
static void make_ready(struct os *os, struct os_process *p)
{
	const s32 idle = os_next_in_mask(os, os->idle, p->home);
	const u32 home = p->home;
	s32 interrupted;

	if (idle != OS_NOWHERE && test_and_clear_bit((u32)idle, os->idle)) {
		push(os, p, (u32)idle);
		os_kick((u32)idle);
		return;
	}
	interrupted = p->is_first ? os_cpu_to_interrupt(os, p) : OS_NOWHERE;
	push(os, p, home);
	if (interrupted != OS_NOWHERE)
		os_tell_to_switch(os, (u32)interrupted);
}

const struct os_organisation os_smp_percpu = {
	.name = "smp-percpu",
	.title = "SMP, per-CPU structures",
	.queues = OS_EACH_CPU,
	.pools = OS_EACH_CPU,
	.caches = OS_BY_BLOCK,
	.steals = true,
	.is_interruptible = true,
	.enter_kernel = os_enter_freely,
	.leave_kernel = os_enter_freely,
	.enter = os_take_lock,
	.leave = os_drop_lock,
	.next_process = next_process,
	.make_ready = make_ready,
	.system_call = os_call_here,
};
