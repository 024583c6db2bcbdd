/*
 * What an operating system needs of the computer below it: locks, time, other CPUs, a disk, and processes that want
 * something. There are two such computers, and all other files of this folder are the same code on both:
 *
 *   world_machine.h   kloom's machine: the code is a kernel module, every interleaving can be tried, time stands still
 *   world_timed.h     the timed simulator: up to 4,096 CPUs in virtual time, where one thing happens after another
 *
 * Both define
 *
 *   os_provide(os)                              gives it its tables, zeroed, with room for what its configuration says
 *   os_lock(), os_unlock(), os_lock_init()      a spin lock; nothing interrupts its holder
 *   os_this_cpu()                               the CPU that executes this
 *   os_now()                                    virtual time in ns; 0 on the machine
 *   os_work(ns)                                 the kernel works for so long; nothing interrupts it
 *   os_work_interruptibly(ns), os_compute(ns)   kernel work outside of locks, a process computes; both end early when
 *                                               the CPU is kicked, and return the time that passed
 *   os_idle()                                   waits until the CPU is kicked, or was since it last looked; false when
 *                                               there is nothing left to do
 *   os_kick(cpu)                                an interprocessor interrupt
 *   os_disk_read(p), os_start_timer(p)          the device interrupts this CPU when it is done with p
 *   os_disk_write()                             nobody waits for it
 *   os_completed()                              takes a process whose device interrupted this CPU; NULL for none
 *   os_next_round(p)                            decides what p does next: compute, then a system call
 *   os_home_of(pid, cpus)                       the CPU that a process belongs to
 *   os_note_...()                               tell whoever measures; nothing on the machine
 */
#pragma once

struct os;
struct os_process;

/* Parts of a kernel that do not interact, so that each can have a lock of its own. */
enum os_region {
	OS_WHOLE_KERNEL,
	OS_SCHEDULER,
	OS_MEMORY,
	OS_FILES,
	OS_REGIONS,
};

enum os_next {
	OS_GOES_ON,
	OS_THINKS, /* first it waits for its user: os_start_timer() */
	OS_ENDS,
};

#ifdef OS_ON_THE_MACHINE
#include "world_machine.h"
#else
#include "world_timed.h"
#endif
