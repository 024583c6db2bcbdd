/*
 * An operating system for many CPUs: its processes, ready queues, page frames and buffers. How many of each there are,
 * and who may use them when, is the organisation's decision (organisation.h).
 */
#pragma once

#include "world.h"

#ifdef __cplusplus
extern "C" {
#endif

#define OS_NOWHERE     (-1)
#define OS_MASK_WORDS  ((OS_CPUS_MAX + 63) / 64)
#define OS_CACHE_WAYS  4

enum os_state {
	OS_READY,   /* in a run queue, or on the way from or to the master */
	OS_RUNNING, /* on a CPU, in user or kernel mode */
	OS_BLOCKED, /* waits for a device */
	OS_ENDED,
};

enum os_call_kind {
	OS_CALL_READ,
	OS_CALL_WRITE,
	OS_CALL_MEMORY,  /* wants more pages or fewer */
	OS_CALL_PROCESS, /* fork, exit, signals: work of the scheduler's region */
	OS_CALL_KINDS,
};

/* How far a system call has got. */
enum os_stage {
	OS_ENTERING, /* checks and copying, outside of locks */
	OS_WORKING,  /* in its region */
	OS_RESUMING, /* the device has answered */
};

struct os_call {
	enum os_call_kind kind;
	enum os_stage stage;
	u64 entry_ns; /* left of the work outside of locks */
	u64 work_ns;  /* work in the region */
	u32 block;    /* OS_CALL_READ, OS_CALL_WRITE */
	u32 pages;    /* OS_CALL_MEMORY: how many it will have */
};

struct os_process {
	u32 pid; /* its index in the table */
	enum os_state state;
	s32 cpu;       /* where it runs; OS_NOWHERE when it does not */
	u32 home;      /* where it ran last, or where it belongs */
	bool is_first; /* interactive: goes before others */
	u64 compute_ns; /* left of what it computes before its system call */
	struct os_call call;
	struct os_frame *frames; /* its page frames */
	u32 frame_count;
	struct os_process *next;  /* in its queue, which it is in at most once */
	u32 sender;              /* master-slave: the CPU that sent it to the master */
	u32 rounds;              /* finished */
};

/* Processes that could run: those that go first, then the others, each in the order in which they came. */
struct os_fifo {
	struct os_process *head;
	struct os_process *tail;
};

struct os_run_queue {
	struct os_lock lock;
	struct os_fifo first;
	struct os_fifo others;
	u32 count;
};

struct os_frame {
	struct os_process *owner; /* NULL: free */
	struct os_frame *next;    /* in its pool's or its owner's list */
};

struct os_page_pool {
	struct os_lock lock;
	struct os_frame *free;  /* frames that somebody had and gave back */
	struct os_frame *fresh; /* those up to fresh_end nobody has had yet */
	struct os_frame *fresh_end;
	u32 count;
};

struct os_buffer {
	bool is_used;
	bool is_dirty;
	u32 block;
	u32 version; /* which write of the block it holds */
	u32 used_at; /* the cache's clock when it was last used */
};

/* Sets of a few buffers; a block's number says in which set it may lie. */
struct os_buffer_cache {
	struct os_lock lock;
	struct os_buffer *buffers; /* [set][way] */
	u32 sets;
	u32 clock;
};

struct os_cpu {
	struct os_process *running;
	bool must_switch; /* another process should run here */
	u64 slice_end;
	struct os_process *assigned; /* master-slave: what the master wants to run here */
	struct os_frame *stolen;     /* on the way from another pool to the one of this CPU */
};

enum os_preempt {
	OS_PREEMPT_NONE,      /* on the return to user mode only */
	OS_PREEMPT_VOLUNTARY, /* also between the stages of a system call */
	OS_PREEMPT_FULL,      /* everywhere outside of locks */
};

struct os_config {
	u32 cpus;
	u32 processes;
	u32 frames_per_cpu;
	u32 buffers_per_cpu; /* a multiple of OS_CACHE_WAYS */
	u64 slice_ns;
	u64 dispatch_ns;  /* choosing a process and switching to it */
	u64 migration_ns; /* its working set is in another CPU's cache */
	u64 interrupt_ns;
	enum os_preempt preempt;
	bool master_computes; /* the master runs processes when it has no calls */
};

struct os {
	struct os_config config;
	const struct os_organisation *organisation;
	struct os_process *processes;              /* [pid] */
	struct os_cpu __percpu *cpus;              /* [cpu] */
	struct os_run_queue __percpu *queues;      /* [cpu]; only the first where there is one */
	struct os_page_pool __percpu *pools;       /* likewise */
	struct os_buffer_cache __percpu *caches;   /* likewise */
	struct os_frame *frames;                   /* of all pools: frames_per_cpu for each CPU */
	struct os_buffer *buffers;                 /* of all caches: buffers_per_cpu for each CPU */
	struct os_lock big_lock;
	struct os_process *sent;                   /* master-slave: calls for the master, newest first */
	struct os_fifo calls;                      /* those that it has taken, oldest first */
	unsigned long idle[OS_MASK_WORDS];         /* CPUs that wait for work */
	unsigned long has_ready[OS_MASK_WORDS];    /* CPUs whose queue has processes */
	unsigned long has_frames[OS_MASK_WORDS];   /* CPUs whose pool has frames */
};

/* Sets up `os`, which is zero, with all processes ready. Context: may sleep. */
void os_start(struct os *os, const struct os_organisation *organisation, const struct os_config *config);

struct os_run_queue *os_queue_of(struct os *os, u32 cpu);
struct os_page_pool *os_pool_of(struct os *os, u32 cpu);
struct os_buffer_cache *os_cache_of(struct os *os, u32 cpu, u32 block);

/*
 * Counts processes, frames and buffers. Returns what is lost or there twice, in words, or NULL. For a system at rest
 * between two steps of its CPUs.
 */
const char *os_audit(struct os *os);

/* The first CPU from `from` on, round the end, that is in the mask; OS_NOWHERE if none is. */
s32 os_next_in_mask(const struct os *os, const unsigned long *mask, u32 from);

#ifdef __cplusplus
}
#endif
