/*
 * Master and slaves: one copy of the operating system, which CPU 0 alone executes. The other CPUs run processes; a
 * process that makes a system call, or whose slice is over, is sent to the master, and its CPU waits until the master
 * gives it another:
 *
 *     slave:  sent <- process, kick the master           master:  takes all of sent into calls; senders are idle
 *             waits until `assigned` is set                       gives ready processes to idle slaves: assigned, kick
 *             runs it                                             carries out the first of calls
 *
 * So the run queue, the pages and the buffers are the master's alone and need no lock; `sent` is a list to which slaves
 * add without one, and `assigned` is handed over with release and an exchange.
 */
#include "run_queue.h"
#include "scheduler.h"
#include "system_calls.h"

#define MASTER 0u

static void start(struct os *os)
{
	u32 cpu;

	for (cpu = MASTER + 1; cpu < os->config.cpus; ++cpu)
		set_bit(cpu, os->idle);
}

/* Slaves: to the master. */
static void send(struct os *os, struct os_process *p)
{
	struct os_process *newest = READ_ONCE(os->sent);

	os_leave_cpu(os, p);
	p->state = OS_READY;
	p->sender = os_this_cpu();
	os_note_sent(p);
	do {
		p->next = newest;
	} while (!try_cmpxchg(&os->sent, &newest, p));
	os_tell_to_switch(os, MASTER);
}

/* The master's: a process that can run is in the run queue, one that has a call before it in the queue of calls. */
static void sort_in(struct os *os, struct os_process *p)
{
	if (p->compute_ns) {
		os_run_queue_push(os, os_queue_of(os, MASTER), p);
		return;
	}
	os_leave_cpu(os, p);
	p->state = OS_READY;
	os_fifo_push(&os->calls, p);
}

static void make_ready(struct os *os, struct os_process *p)
{
	if (os_this_cpu() != MASTER) {
		send(os, p);
		return;
	}
	if (!p->compute_ns)
		os_note_sent(p);
	sort_in(os, p);
	os_tell_to_switch(os, MASTER);
}

/* The newest was first. */
static void take_sent(struct os *os)
{
	struct os_process *p = xchg(&os->sent, NULL), *oldest = NULL;

	while (p) {
		struct os_process *next = p->next;

		p->next = oldest;
		oldest = p;
		p = next;
	}
	while (oldest) {
		p = oldest;
		oldest = p->next;
		set_bit(p->sender, os->idle);
		if (p->compute_ns) {
			os_note_served(p);
			os_note_ready(p);
		}
		sort_in(os, p);
	}
}

static void assign(struct os *os, u32 slave)
{
	struct os_run_queue *queue = os_queue_of(os, MASTER);
	struct os_cpu *cpu = per_cpu_ptr(os->cpus, slave);
	struct os_process *p = os_run_queue_pop(os, queue, slave);

	clear_bit(slave, os->idle);
	os_work(os->config.dispatch_ns);
	smp_store_release(&cpu->assigned, p); /* pairs with next_process() */
	os_kick(slave);
}

static void assign_all(struct os *os)
{
	s32 slave;

	while (os_queue_of(os, MASTER)->count && (slave = os_next_in_mask(os, os->idle, 0)) != OS_NOWHERE)
		assign(os, (u32)slave);
}

static void serve(struct os *os, struct os_process *p)
{
	enum os_outcome outcome;

	os_note_served(p);
	os_take_cpu(os, p, MASTER);
	/* There is nobody for whom the master would give up its CPU: what wants it are other calls. */
	do {
		outcome = os_perform_call(os, p);
	} while (outcome == OS_PREEMPTED);
	if (outcome == OS_WAITS || !os_finish_round(os, p))
		return;
	os_note_ready(p);
	if (!p->compute_ns)
		os_note_sent(p);
	sort_in(os, p);
}

static struct os_process *next_of_master(struct os *os)
{
	struct os_process *p;

	for (;;) {
		os_take_interrupts(os);
		take_sent(os);
		assign_all(os);
		p = os_fifo_pop(&os->calls);
		if (!p)
			break;
		serve(os, p);
	}
	if (!os->config.master_computes)
		return NULL;
	p = os_run_queue_pop(os, os_queue_of(os, MASTER), MASTER);
	if (p)
		os_work(os->config.dispatch_ns);
	return p;
}

static struct os_process *next_process(struct os *os)
{
	struct os_cpu *cpu = per_cpu_ptr(os->cpus, os_this_cpu());

	if (os_this_cpu() == MASTER)
		return next_of_master(os);
	/* At once: what the master assigns between a read and a write would be lost. Pairs with assign(). */
	return xchg(&cpu->assigned, NULL);
}

static enum os_outcome system_call(struct os *os, struct os_process *p)
{
	if (os_this_cpu() == MASTER)
		return os_perform_call(os, p);
	send(os, p);
	return OS_WAITS;
}

const struct os_organisation os_master_slave = {
	.name = "master-slave",
	.title = "master and slaves",
	.queues = OS_ONE,
	.pools = OS_ONE,
	.caches = OS_ONE,
	.is_interruptible = true,
	.start = start,
	.enter_kernel = os_enter_freely,
	.leave_kernel = os_enter_freely,
	.enter = os_use_freely,
	.leave = os_use_freely,
	.next_process = next_process,
	.make_ready = make_ready,
	.system_call = system_call,
};
