/*
 * Tasks and the scheduler as modules use it: struct task_struct, task states, schedule() and its timeouts, wake-ups and CPU
 * affinity. The states live in the task itself, as in Linux; the machine (src/kernel/sched) acts on them. Fields that modules
 * read exist under the names of both Linux 5.0 and 6.1; the order of the fields is kloom's own.
 */
#pragma once

#include <asm/current.h>
#include <linux/compiler.h>
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/pid.h>
#include <linux/preempt.h>
#include <linux/refcount.h>
#include <linux/sched/prio.h>
#include <linux/sched/types.h>
#include <linux/spinlock_types.h>
#include <linux/thread_info.h>
#include <linux/types.h>

#define TASK_RUNNING 0x00000000
#define TASK_INTERRUPTIBLE 0x00000001
#define TASK_UNINTERRUPTIBLE 0x00000002
#define __TASK_STOPPED 0x00000004
#define __TASK_TRACED 0x00000008
#define EXIT_DEAD 0x00000010
#define EXIT_ZOMBIE 0x00000020
#define EXIT_TRACE (EXIT_ZOMBIE | EXIT_DEAD)
#define TASK_PARKED 0x00000040
#define TASK_DEAD 0x00000080
#define TASK_WAKEKILL 0x00000100
#define TASK_WAKING 0x00000200
#define TASK_NOLOAD 0x00000400
#define TASK_NEW 0x00000800
#define TASK_RTLOCK_WAIT 0x00001000
#define TASK_FREEZABLE 0x00002000
#define __TASK_FREEZABLE_UNSAFE 0x00004000
#define TASK_FROZEN 0x00008000
#define TASK_STATE_MAX 0x00010000

#define TASK_KILLABLE (TASK_WAKEKILL | TASK_UNINTERRUPTIBLE)
#define TASK_STOPPED (TASK_WAKEKILL | __TASK_STOPPED)
#define TASK_TRACED (TASK_WAKEKILL | __TASK_TRACED)
#define TASK_IDLE (TASK_UNINTERRUPTIBLE | TASK_NOLOAD)
#define TASK_NORMAL (TASK_INTERRUPTIBLE | TASK_UNINTERRUPTIBLE)
#define TASK_ALL (TASK_NORMAL | __TASK_STOPPED | __TASK_TRACED)
#define TASK_REPORT \
	(TASK_RUNNING | TASK_INTERRUPTIBLE | TASK_UNINTERRUPTIBLE | __TASK_STOPPED | __TASK_TRACED | EXIT_DEAD | \
	 EXIT_ZOMBIE | TASK_PARKED)

#define PF_IDLE 0x00000002
#define PF_EXITING 0x00000004
#define PF_IO_WORKER 0x00000010
#define PF_WQ_WORKER 0x00000020
#define PF_FORKNOEXEC 0x00000040
#define PF_SUPERPRIV 0x00000100
#define PF_SIGNALED 0x00000400
#define PF_MEMALLOC 0x00000800
#define PF_NOFREEZE 0x00008000
#define PF_FROZEN 0x00010000
#define PF_MEMALLOC_NOFS 0x00040000
#define PF_MEMALLOC_NOIO 0x00080000
#define PF_KTHREAD 0x00200000
#define PF_RANDOMIZE 0x00400000
#define PF_NO_SETAFFINITY 0x04000000
#define PF_FREEZER_SKIP 0x40000000

#define SCHED_NORMAL 0
#define SCHED_FIFO 1
#define SCHED_RR 2
#define SCHED_BATCH 3
#define SCHED_IDLE 5
#define SCHED_DEADLINE 6
#define SCHED_RESET_ON_FORK 0x40000000

#define MAX_SCHEDULE_TIMEOUT LONG_MAX

enum { TASK_COMM_LEN = 16 };

struct audit_context;
struct bio_list;
struct completion;
struct cred;
struct files_struct;
struct fs_struct;
struct io_context;
struct mm_struct;
struct nsproxy;
struct sighand_struct;
struct signal_struct;

#ifdef KLOOM_IMPLEMENTATION
#define sigset_t kloom_sigset_t
#endif

typedef struct {
	unsigned long sig[1];
} sigset_t;

struct sigpending {
	struct list_head list;
	sigset_t signal;
};

struct load_weight {
	unsigned long weight;
	u32 inv_weight;
};

/* Times are ns of the task's own running. */
struct sched_entity {
	struct load_weight load;
	unsigned int on_rq;
	u64 exec_start;
	u64 sum_exec_runtime;
	u64 vruntime;
	u64 prev_sum_exec_runtime;
	u64 nr_migrations;
};

struct sched_rt_entity {
	struct list_head run_list;
	unsigned long timeout;
	unsigned int time_slice;
};

struct sched_info {
	unsigned long pcount;
	unsigned long long run_delay;
	unsigned long long last_arrival;
	unsigned long long last_queued;
};

struct task_struct {
	struct thread_info thread_info;
	/* One field under two names: __state since 5.14, state before. */
	union {
		unsigned int __state;
		volatile long state;
	};
	void *stack;
	refcount_t usage;
	unsigned int flags;
	unsigned int ptrace;

	int on_cpu;
	int on_rq;
	unsigned int cpu;
	int recent_used_cpu;
	int wake_cpu;

	int prio;
	int static_prio;
	int normal_prio;
	unsigned int rt_priority;
	unsigned int policy;
	struct sched_entity se;
	struct sched_rt_entity rt;
	struct sched_info sched_info;

	int nr_cpus_allowed;
	const cpumask_t *cpus_ptr;
	union {
		cpumask_t cpus_mask;
		cpumask_t cpus_allowed;
	};
	unsigned short migration_disabled;

	struct list_head tasks;
	struct mm_struct *mm;
	struct mm_struct *active_mm;

	int exit_state;
	int exit_code;
	int exit_signal;
	int pdeath_signal;
	unsigned int personality;
	unsigned in_iowait : 1;
	unsigned in_execve : 1;
	unsigned no_new_privs : 1;

	pid_t pid;
	pid_t tgid;
	struct pid *thread_pid;

	struct task_struct *real_parent;
	struct task_struct *parent;
	struct list_head children;
	struct list_head sibling;
	struct task_struct *group_leader;
	struct list_head thread_group;
	struct list_head thread_node;
	struct completion *vfork_done;

	u64 utime;
	u64 stime;
	u64 gtime;
	unsigned long nvcsw;
	unsigned long nivcsw;
	u64 start_time;
	union {
		u64 start_boottime;
		u64 real_start_time;
	};
	unsigned long min_flt;
	unsigned long maj_flt;

	const struct cred *ptracer_cred;
	const struct cred *real_cred;
	const struct cred *cred;
	char comm[TASK_COMM_LEN];

	struct fs_struct *fs;
	struct files_struct *files;
	struct nsproxy *nsproxy;
	struct signal_struct *signal;
	struct sighand_struct *sighand;
	sigset_t blocked;
	struct sigpending pending;

	spinlock_t alloc_lock;
	raw_spinlock_t pi_lock;
	void *journal_info;
	struct io_context *io_context;
	struct rcu_head rcu;

	/* Where src/kernel keeps what it knows of the task: its number in the execution, plus one. */
	unsigned int kloom_index;
};

KLOOM_BEGIN_DECLS
extern struct task_struct init_task;

/* Sets the state of the running task; what follows is ordered after it, before schedule() looks at it. Context: task. */
extern void kloom_set_current_state(unsigned int state);

/* Gives up the CPU: until woken when the task's state is not TASK_RUNNING. Context: task, may sleep. */
extern void schedule(void);
extern void io_schedule(void);
extern void schedule_preempt_disabled(void);
extern void schedule_idle(void);

/*
 * As schedule(), with a limit in ticks; returns the ticks that were left, 0 when the time ran out. The first two take the state
 * that was set before. Context: task, may sleep.
 */
extern long schedule_timeout(long timeout);
extern long io_schedule_timeout(long timeout);
extern long schedule_timeout_interruptible(long timeout);
extern long schedule_timeout_killable(long timeout);
extern long schedule_timeout_uninterruptible(long timeout);
extern long schedule_timeout_idle(long timeout);

/* Lets other tasks run. Context: task, may sleep. */
extern void yield(void);
extern int yield_to(struct task_struct *p, bool preempt);
extern int __cond_resched(void);
extern int kloom_cond_resched_lock(spinlock_t *lock);
extern bool need_resched(void);

/* Makes a task runnable when its state is one of `state`; 1 if it was woken. Context: any. */
extern int wake_up_process(struct task_struct *task);
extern int wake_up_state(struct task_struct *task, unsigned int state);
extern void wake_up_new_task(struct task_struct *task);
extern void kick_process(struct task_struct *task);
extern unsigned long wait_task_inactive(struct task_struct *task, unsigned int match_state);

/* Where a task may run. Context: task; -EINVAL if no such CPU is online or the task is bound. */
extern int set_cpus_allowed_ptr(struct task_struct *task, const struct cpumask *mask);
KLOOM_LIBC_NAME(long, sched_setaffinity, (pid_t pid, const struct cpumask *mask));
KLOOM_LIBC_NAME(long, sched_getaffinity, (pid_t pid, struct cpumask *mask));
extern void do_set_cpus_allowed(struct task_struct *task, const struct cpumask *mask);

/* Priorities. They are recorded and shown; Differences: the machine lets any runnable task go first. Context: any. */
extern void set_user_nice(struct task_struct *task, long nice);
extern int task_prio(const struct task_struct *task);
extern int can_nice(const struct task_struct *task, int nice);
KLOOM_LIBC_NAME(int, sched_setscheduler, (struct task_struct * task, int policy, const struct sched_param *param));
extern int sched_setscheduler_nocheck(struct task_struct *task, int policy, const struct sched_param *param);
extern int sched_setattr(struct task_struct *task, const struct sched_attr *attr);
extern int sched_setattr_nocheck(struct task_struct *task, const struct sched_attr *attr);
extern void sched_set_fifo(struct task_struct *task);
extern void sched_set_fifo_low(struct task_struct *task);
extern void sched_set_normal(struct task_struct *task, int nice);

/* The CPU on which the task runs or ran last. Context: any. */
extern unsigned int task_cpu(const struct task_struct *task);
extern int task_curr(const struct task_struct *task);
extern int idle_cpu(int cpu);
extern struct task_struct *idle_task(int cpu);

extern char *__get_task_comm(char *buf, size_t size, struct task_struct *task);
extern void __set_task_comm(struct task_struct *task, const char *name, bool exec);
extern void sched_show_task(struct task_struct *task);
KLOOM_END_DECLS

#define set_current_state(state_value) kloom_set_current_state(state_value)
#define __set_current_state(state_value) kloom_set_current_state(state_value)
#define set_special_state(state_value) kloom_set_current_state(state_value)
#define get_current_state() READ_ONCE(get_current()->__state)
/* Before 4.19; some modules still say it. */
#define set_task_state(task, state_value) WRITE_ONCE((task)->__state, (state_value))
#define __set_task_state(task, state_value) WRITE_ONCE((task)->__state, (state_value))

#define task_is_running(task) (READ_ONCE((task)->__state) == TASK_RUNNING)
#define task_is_traced(task) ((READ_ONCE((task)->__state) & __TASK_TRACED) != 0)
#define task_is_stopped(task) ((READ_ONCE((task)->__state) & __TASK_STOPPED) != 0)
#define task_is_stopped_or_traced(task) ((READ_ONCE((task)->__state) & (__TASK_STOPPED | __TASK_TRACED)) != 0)

#define cond_resched() __cond_resched()
#define cond_resched_lock(lock) kloom_cond_resched_lock(lock)
#define cond_resched_rcu() __cond_resched()
#define cond_resched_tasks_rcu_qs() __cond_resched()

#define get_task_comm(buf, task) __get_task_comm(buf, sizeof(buf), task)
#define set_task_comm(task, name) __set_task_comm(task, name, false)

#define task_thread_info(task) (&(task)->thread_info)

static inline pid_t task_pid_nr(struct task_struct *task)
{
	return task->pid;
}
#define task_pid_vnr(task) task_pid_nr(task)
#define task_pid_nr_ns(task, ns) ((void)(ns), task_pid_nr(task))

static inline pid_t task_tgid_nr(struct task_struct *task)
{
	return task->tgid;
}
#define task_tgid_vnr(task) task_tgid_nr(task)
#define task_pgrp_nr(task) task_tgid_nr(task)
#define task_session_nr(task) task_tgid_nr(task)

static inline pid_t task_ppid_nr(const struct task_struct *task)
{
	return task->real_parent->tgid;
}

static inline int pid_alive(const struct task_struct *task)
{
	return task->thread_pid != NULL;
}

static inline int is_global_init(struct task_struct *task)
{
	return task->tgid == 1;
}

static inline bool is_idle_task(const struct task_struct *task)
{
	return !!(task->flags & PF_IDLE);
}

static inline int task_nice(const struct task_struct *task)
{
	return PRIO_TO_NICE(task->static_prio);
}

/* Bit number of the reported state plus one: what ps and sched_switch show. */
static inline unsigned int task_state_index(struct task_struct *task)
{
	unsigned int state = (READ_ONCE(task->__state) | (unsigned int)task->exit_state) & TASK_REPORT;

	if ((READ_ONCE(task->__state) & TASK_IDLE) == TASK_IDLE)
		return 8;
	return state ? 32u - (unsigned int)__builtin_clz(state) : 0;
}

static inline char task_index_to_char(unsigned int index)
{
	return "RSDTtXZPI"[index];
}

static inline char task_state_to_char(struct task_struct *task)
{
	return task_index_to_char(task_state_index(task));
}

#define set_tsk_thread_flag(tsk, flag)	 set_ti_thread_flag(&(tsk)->thread_info, flag)
#define clear_tsk_thread_flag(tsk, flag) clear_ti_thread_flag(&(tsk)->thread_info, flag)
#define test_tsk_thread_flag(tsk, flag)	 test_ti_thread_flag(&(tsk)->thread_info, flag)

static inline bool test_tsk_need_resched(struct task_struct *task)
{
	return (READ_ONCE(task->thread_info.flags) >> TIF_NEED_RESCHED & 1) != 0;
}
