/* Queues of processes. Whoever calls these has the queue for himself. */
#pragma once

#include "os.h"

void os_fifo_push(struct os_fifo *fifo, struct os_process *p);
struct os_process *os_fifo_pop(struct os_fifo *fifo); /* NULL when empty */

/* The process is ready from now on; it gives up its CPU if it has one. */
void os_run_queue_push(struct os *os, struct os_run_queue *queue, struct os_process *p);
/* The next process, which has `cpu` from now on; NULL when the queue is empty. */
struct os_process *os_run_queue_pop(struct os *os, struct os_run_queue *queue, u32 cpu);

/* The process has the CPU, or gives it up. */
void os_take_cpu(struct os *os, struct os_process *p, u32 cpu);
void os_leave_cpu(struct os *os, struct os_process *p);
