/*
 * An organisation: which parts of the operating system exist once and which for each CPU, what is locked when, and who
 * carries out system calls.
 */
#pragma once

#include "os.h"

#ifdef __cplusplus
extern "C" {
#endif

enum os_share {
	OS_ONE,      /* for all CPUs */
	OS_EACH_CPU, /* one for each CPU */
	OS_BY_BLOCK, /* buffer caches: as many as CPUs, chosen by the block's number */
};

enum os_outcome {
	OS_DONE,      /* the call is finished */
	OS_WAITS,     /* the process is blocked or sent away; the CPU is free */
	OS_PREEMPTED, /* another process should run before the call goes on */
};

struct os_organisation {
	const char *name;  /* on the command line */
	const char *title; /* in reports */
	enum os_share queues;
	enum os_share pools;
	enum os_share caches;
	bool steals; /* a CPU that lacks processes or frames takes another's */
	/* Work outside of regions may be interrupted: no lock is held then. */
	bool is_interruptible;

	/* Once, when all else is set up; may be NULL. */
	void (*start)(struct os *os);
	/* Around everything that the kernel does. */
	void (*enter_kernel)(struct os *os, enum os_region region);
	void (*leave_kernel)(struct os *os, enum os_region region);
	/* Around the use of one structure of a region, inside of the former. */
	void (*enter)(struct os_lock *lock, enum os_region region);
	void (*leave)(struct os_lock *lock, enum os_region region);

	/* A process for this CPU, marked as running on it; NULL when there is none, and then the CPU counts as idle. */
	struct os_process *(*next_process)(struct os *os);
	/* A process can run (again): some CPU will. */
	void (*make_ready)(struct os *os, struct os_process *p);
	/* Carries out the process's call, or goes on with it. */
	enum os_outcome (*system_call)(struct os *os, struct os_process *p);
};

extern const struct os_organisation os_per_cpu;
extern const struct os_organisation os_master_slave;
extern const struct os_organisation os_smp;
extern const struct os_organisation os_smp_regions;
extern const struct os_organisation os_smp_percpu;

#ifdef __cplusplus
}
#endif
