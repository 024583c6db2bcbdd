#include "run_queue.h"

void os_fifo_push(struct os_fifo *fifo, struct os_process *p)
{
	p->next = NULL;
	if (fifo->head)
		fifo->tail->next = p;
	else
		fifo->head = p;
	fifo->tail = p;
}

struct os_process *os_fifo_pop(struct os_fifo *fifo)
{
	struct os_process *p = fifo->head;

	if (p)
		fifo->head = p->next;
	return p;
}

void os_take_cpu(struct os *os, struct os_process *p, u32 cpu)
{
	OS_BUG_ON(p->cpu != OS_NOWHERE, "CPU %u picks process %u, which CPU %d has picked already", cpu, p->pid,
		  p->cpu);
	p->cpu = (s32)cpu;
	p->state = OS_RUNNING;
	/* Read by CPUs that look for one to interrupt. */
	WRITE_ONCE(per_cpu_ptr(os->cpus, cpu)->running, p);
}

void os_leave_cpu(struct os *os, struct os_process *p)
{
	if (p->cpu == OS_NOWHERE)
		return;
	WRITE_ONCE(per_cpu_ptr(os->cpus, (u32)p->cpu)->running, NULL);
	p->cpu = OS_NOWHERE;
}

void os_run_queue_push(struct os *os, struct os_run_queue *queue, struct os_process *p)
{
	os_leave_cpu(os, p);
	p->state = OS_READY;
	os_fifo_push(p->is_first ? &queue->first : &queue->others, p);
	/* Read without the lock by CPUs that look whether somebody waits. */
	WRITE_ONCE(queue->count, queue->count + 1);
}

struct os_process *os_run_queue_pop(struct os *os, struct os_run_queue *queue, u32 cpu)
{
	struct os_process *p = os_fifo_pop(&queue->first);

	if (!p)
		p = os_fifo_pop(&queue->others);
	if (!p)
		return NULL;
	WRITE_ONCE(queue->count, queue->count - 1);
	os_take_cpu(os, p, cpu);
	return p;
}
