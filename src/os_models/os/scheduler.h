/*
 * What every CPU does: find a process, run it until it waits or another should run, and so on; and the parts of it
 * that organisations with one run queue share.
 */
#pragma once

#include "organisation.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What a CPU does for ever; on kloom's machine, until all processes have ended. */
void os_cpu_loop(struct os *os);

/* Processes whose devices have interrupted this CPU become ready. Requires: no lock is held. */
void os_take_interrupts(struct os *os);

/* Whether this CPU should run another process: it was told so, or the slice is over and others wait. */
bool os_must_switch(struct os *os);

/* The call is done: counts, and decides what comes next. Returns whether the process goes on at once. */
bool os_finish_round(struct os *os, struct os_process *p);

/* Tells the CPU that it should run another process. */
void os_tell_to_switch(struct os *os, u32 cpu);

/*
 * The CPU to interrupt so that it runs `p`, which goes before others: the one where `p` ran last, unless that runs
 * another of this kind. OS_NOWHERE if there is none.
 */
s32 os_cpu_to_interrupt(struct os *os, const struct os_process *p);

/* next_process() and make_ready() with one run queue for all CPUs. */
struct os_process *os_next_of_all(struct os *os);
void os_make_ready_for_all(struct os *os, struct os_process *p);

/* system_call() on the CPU of the caller. */
enum os_outcome os_call_here(struct os *os, struct os_process *p);

/* enter_kernel(), enter() and so on that need no lock, or are one. */
void os_enter_freely(struct os *os, enum os_region region);
void os_use_freely(struct os_lock *lock, enum os_region region);
void os_take_lock(struct os_lock *lock, enum os_region region);
void os_drop_lock(struct os_lock *lock, enum os_region region);

#ifdef __cplusplus
}
#endif
