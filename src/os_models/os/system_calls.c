#include "system_calls.h"

#include "buffer_cache.h"
#include "page_pool.h"
#include "run_queue.h"
#include "scheduler.h"

/* The part before the region: it holds no lock, so interrupts come, and a preemptible kernel gives up the CPU. */
static enum os_outcome enter_call(struct os *os, struct os_call *call)
{
	if (!os->organisation->is_interruptible) {
		os_work(call->entry_ns);
		call->entry_ns = 0;
	}
	while (call->entry_ns) {
		call->entry_ns -= os_work_interruptibly(call->entry_ns);
		os_take_interrupts(os);
		if (os->config.preempt == OS_PREEMPT_FULL && os_must_switch(os))
			return OS_PREEMPTED;
	}
	call->stage = OS_WORKING;
	if (os->config.preempt != OS_PREEMPT_NONE && os_must_switch(os))
		return OS_PREEMPTED;
	return OS_DONE;
}

static enum os_file_access access_of(const struct os_call *call)
{
	return call->kind == OS_CALL_WRITE ? OS_WRITE_BLOCK : OS_READ_BLOCK;
}

/* Returns whether the process must wait for the disk. */
static bool wait_for_disk(struct os *os, struct os_process *p)
{
	p->call.stage = OS_RESUMING;
	if (!os_disk_read(p))
		return false;
	os_leave_cpu(os, p);
	p->state = OS_BLOCKED;
	return true;
}

static bool work_on_file(struct os *os, struct os_process *p)
{
	return !os_cache_access(os, &p->call, access_of(&p->call)) && wait_for_disk(os, p);
}

/*
 * A process that gets fewer frames than it wants uses its own in turn: each that it lacks is written out and another
 * is read in.
 */
static bool work_on_memory(struct os *os, struct os_process *p)
{
	const u32 lacking = os_pages_set(os, p, p->call.pages, p->call.work_ns);

	if (!lacking)
		return false;
	os_note_paging(lacking);
	return wait_for_disk(os, p);
}

static bool work_on_processes(struct os *os, struct os_process *p)
{
	struct os_run_queue *queue = os_queue_of(os, os_this_cpu());

	os->organisation->enter(&queue->lock, OS_SCHEDULER);
	os_work(p->call.work_ns);
	os->organisation->leave(&queue->lock, OS_SCHEDULER);
	return false;
}

static bool work(struct os *os, struct os_process *p)
{
	switch (p->call.kind) {
	case OS_CALL_MEMORY:
		return work_on_memory(os, p);
	case OS_CALL_PROCESS:
		return work_on_processes(os, p);
	default:
		return work_on_file(os, p);
	}
}

static bool is_file_call(const struct os_call *call)
{
	return call->kind == OS_CALL_READ || call->kind == OS_CALL_WRITE;
}

enum os_outcome os_perform_call(struct os *os, struct os_process *p)
{
	if (p->call.stage == OS_ENTERING && enter_call(os, &p->call) == OS_PREEMPTED)
		return OS_PREEMPTED;
	if (p->call.stage == OS_WORKING && work(os, p))
		return OS_WAITS;
	if (p->call.stage == OS_RESUMING && is_file_call(&p->call))
		os_cache_fill(os, &p->call, access_of(&p->call));
	return OS_DONE;
}
