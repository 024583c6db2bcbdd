/*
 * Signals of tasks, the walks over all processes and threads, and struct signal_struct, what the threads of a process share.
 */
#pragma once

#include <linux/cred.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/signal.h>

/* What all threads of a process share. */
struct signal_struct {
	refcount_t sigcnt;
	atomic_t live;
	int nr_threads;
	struct list_head thread_head;
	struct sigpending shared_pending;
	int group_exit_code;
	unsigned int flags;
	short oom_score_adj;
	void *tty;
};

struct sighand_struct {
	spinlock_t siglock;
	refcount_t count;
};

KLOOM_BEGIN_DECLS
/* Whether a signal waits for the task. Context: any. */
extern int signal_pending(struct task_struct *task);
extern int fatal_signal_pending(struct task_struct *task);
extern int signal_pending_state(unsigned int state, struct task_struct *task);

/* Sends a signal; a kthread ignores what it has not allowed. `priv` is not 0 for the kernel itself. Context: any. */
extern int send_sig(int sig, struct task_struct *task, int priv);
extern int send_sig_info(int sig, struct kernel_siginfo *info, struct task_struct *task);
extern void force_sig(int sig);
extern int kill_pid(struct pid *pid, int sig, int priv);
extern int kill_pgrp(struct pid *pid, int sig, int priv);
extern int kill_pid_info(int sig, struct kernel_siginfo *info, struct pid *pid);

/* The running kthread's own: which signals reach it, and taking the next one (0 if there is none). Context: task. */
extern void allow_signal(int sig);
extern void disallow_signal(int sig);
extern void kernel_sigaction(int sig, void (*action)(int));
extern void flush_signals(struct task_struct *task);
extern int kernel_dequeue_signal(void);
extern void ignore_signals(struct task_struct *task);

/* The next process or thread in the list of all. Context: RCU read-side section or tasklist_lock held. */
extern struct task_struct *kloom_next_task(struct task_struct *task);
KLOOM_END_DECLS

#define SIG_DFL ((void (*)(int))0)
#define SIG_IGN ((void (*)(int))1)

#define next_task(p) kloom_next_task(p)

#define for_each_process(p) for (p = &init_task; (p = next_task(p)) != &init_task;)

/* Every process of kloom has one thread. */
#define __for_each_thread(signal, t) \
	list_for_each_entry_rcu (t, &(signal)->thread_head, thread_node)
#define for_each_thread(p, t) __for_each_thread((p)->signal, t)
#define do_each_thread(g, t) \
	for (g = t = &init_task; (g = t = next_task(g)) != &init_task;) \
		do
#define while_each_thread(g, t) while ((t = next_thread(t)) != g)
#define for_each_process_thread(p, t) for_each_process (p) for_each_thread (p, t)

static inline struct task_struct *next_thread(const struct task_struct *p)
{
	return list_entry(p->thread_group.next, struct task_struct, thread_group);
}

static inline int get_nr_threads(struct task_struct *task)
{
	return task->signal->nr_threads;
}

static inline bool thread_group_leader(struct task_struct *p)
{
	return p->exit_signal >= 0;
}

static inline bool same_thread_group(struct task_struct *p1, struct task_struct *p2)
{
	return p1->signal == p2->signal;
}

static inline int thread_group_empty(struct task_struct *p)
{
	return list_empty(&p->thread_group);
}

static inline int restart_syscall(void)
{
	return -ERESTARTNOINTR;
}
