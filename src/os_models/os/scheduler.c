#include "scheduler.h"

#include "run_queue.h"
#include "system_calls.h"

static struct os_cpu *this_cpu(struct os *os)
{
	return per_cpu_ptr(os->cpus, os_this_cpu());
}

void os_take_interrupts(struct os *os)
{
	struct os_process *p;

	while ((p = os_completed()) != NULL) {
		os_work(os->config.interrupt_ns);
		os->organisation->make_ready(os, p);
	}
}

bool os_must_switch(struct os *os)
{
	struct os_cpu *cpu = this_cpu(os);

	if (READ_ONCE(cpu->must_switch))
		return true;
	if (os_now() < cpu->slice_end)
		return false;
	cpu->slice_end = os_now() + os->config.slice_ns;
	return READ_ONCE(os_queue_of(os, os_this_cpu())->count) != 0;
}

void os_tell_to_switch(struct os *os, u32 cpu)
{
	WRITE_ONCE(per_cpu_ptr(os->cpus, cpu)->must_switch, true);
	os_kick(cpu);
}

s32 os_cpu_to_interrupt(struct os *os, const struct os_process *p)
{
	const struct os_process *running = READ_ONCE(per_cpu_ptr(os->cpus, p->home)->running);

	return running && !running->is_first ? (s32)p->home : OS_NOWHERE;
}

bool os_finish_round(struct os *os, struct os_process *p)
{
	enum os_next next;

	os_note_round(p);
	++p->rounds;
	next = os_next_round(p);
	if (next == OS_GOES_ON)
		return true;
	os_leave_cpu(os, p);
	p->state = next == OS_ENDS ? OS_ENDED : OS_BLOCKED;
	if (next == OS_THINKS)
		os_start_timer(p);
	return false;
}

/* Until the slice is over or something interrupts it. */
static void compute(struct os *os, struct os_process *p)
{
	const u64 left_of_slice = this_cpu(os)->slice_end - os_now();

	p->compute_ns -= os_compute(p->compute_ns < left_of_slice ? p->compute_ns : left_of_slice);
}

static void begin(struct os *os, struct os_process *p)
{
	struct os_cpu *cpu = this_cpu(os);

	cpu->slice_end = os_now() + os->config.slice_ns;
	os_note_dispatched(p);
	if (p->home != os_this_cpu()) {
		p->home = os_this_cpu();
		os_work(os->config.migration_ns);
	}
}

static void give_up_cpu(struct os *os, struct os_process *p)
{
	os_note_ready(p);
	os->organisation->make_ready(os, p);
}

static void run(struct os *os, struct os_process *p)
{
	begin(os, p);
	for (;;) {
		os_take_interrupts(os);
		if (os_must_switch(os)) {
			give_up_cpu(os, p);
			return;
		}
		if (p->compute_ns) {
			compute(os, p);
			continue;
		}
		switch (os->organisation->system_call(os, p)) {
		case OS_WAITS:
			return;
		case OS_PREEMPTED:
			give_up_cpu(os, p);
			return;
		case OS_DONE:
			if (!os_finish_round(os, p))
				return;
		}
	}
}

void os_cpu_loop(struct os *os)
{
	bool has_more = true;

	while (has_more) {
		struct os_process *p;

		/* Before the look for work: who says so later has something that the look may have missed. */
		WRITE_ONCE(this_cpu(os)->must_switch, false);
		os_take_interrupts(os);
		p = os->organisation->next_process(os);
		if (p)
			run(os, p);
		else
			has_more = os_idle();
	}
}

struct os_process *os_next_of_all(struct os *os)
{
	const struct os_organisation *organisation = os->organisation;
	const u32 cpu = os_this_cpu();
	struct os_run_queue *queue = os_queue_of(os, cpu);
	struct os_process *p;

	organisation->enter_kernel(os, OS_SCHEDULER);
	organisation->enter(&queue->lock, OS_SCHEDULER);
	p = os_run_queue_pop(os, queue, cpu);
	if (p)
		os_work(os->config.dispatch_ns);
	else
		set_bit(cpu, os->idle);
	organisation->leave(&queue->lock, OS_SCHEDULER);
	organisation->leave_kernel(os, OS_SCHEDULER);
	return p;
}

void os_make_ready_for_all(struct os *os, struct os_process *p)
{
	const struct os_organisation *organisation = os->organisation;
	struct os_run_queue *queue = os_queue_of(os, 0);
	s32 idle, interrupted = OS_NOWHERE;

	organisation->enter_kernel(os, OS_SCHEDULER);
	organisation->enter(&queue->lock, OS_SCHEDULER);
	os_run_queue_push(os, queue, p);
	idle = os_next_in_mask(os, os->idle, p->home);
	if (idle != OS_NOWHERE)
		clear_bit((u32)idle, os->idle);
	else if (p->is_first)
		interrupted = os_cpu_to_interrupt(os, p);
	organisation->leave(&queue->lock, OS_SCHEDULER);
	organisation->leave_kernel(os, OS_SCHEDULER);

	if (idle != OS_NOWHERE)
		os_kick((u32)idle);
	if (interrupted != OS_NOWHERE)
		os_tell_to_switch(os, (u32)interrupted);
}

static enum os_region region_of(const struct os_call *call)
{
	switch (call->kind) {
	case OS_CALL_MEMORY:
		return OS_MEMORY;
	case OS_CALL_PROCESS:
		return OS_SCHEDULER;
	default:
		return OS_FILES;
	}
}

enum os_outcome os_call_here(struct os *os, struct os_process *p)
{
	const enum os_region region = region_of(&p->call);
	enum os_outcome outcome;

	os->organisation->enter_kernel(os, region);
	outcome = os_perform_call(os, p);
	os->organisation->leave_kernel(os, region);
	return outcome;
}

void os_enter_freely(struct os *os, enum os_region region)
{
	(void)os;
	(void)region;
}

void os_use_freely(struct os_lock *lock, enum os_region region)
{
	(void)lock;
	(void)region;
}

/* A bit for each region that is used without its lock, to show what locks are for. */
#ifndef OS_WITHOUT_LOCK
#define OS_WITHOUT_LOCK 0u
#endif

void os_take_lock(struct os_lock *lock, enum os_region region)
{
	if (!(OS_WITHOUT_LOCK >> region & 1))
		os_lock(lock);
}

void os_drop_lock(struct os_lock *lock, enum os_region region)
{
	if (!(OS_WITHOUT_LOCK >> region & 1))
		os_unlock(lock);
}
