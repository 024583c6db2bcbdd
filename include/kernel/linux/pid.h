/*
 * Process ids. kloom has one pid namespace, so the "virtual" number of a task is its number.
 */
#pragma once

#include <linux/compiler.h>
#include <linux/refcount.h>
#include <linux/types.h>

enum pid_type { PIDTYPE_PID, PIDTYPE_TGID, PIDTYPE_PGID, PIDTYPE_SID, PIDTYPE_MAX };

struct pid_namespace;
struct task_struct;

/* Identity of a process; outlives it while references are held. */
struct pid {
	refcount_t count;
	unsigned int level;
	pid_t nr;
};

KLOOM_BEGIN_DECLS
extern struct pid_namespace init_pid_ns;

/* Context: any; the result is valid in an RCU read-side section or while a reference is held. NULL if there is none. */
extern struct pid *find_vpid(int nr);
extern struct task_struct *pid_task(struct pid *pid, enum pid_type type);
extern struct task_struct *find_task_by_vpid(pid_t nr);

/* These return a reference, to be put by put_pid() or put_task_struct(). Context: any. NULL if there is none. */
extern struct pid *find_get_pid(int nr);
extern struct pid *get_task_pid(struct task_struct *task, enum pid_type type);
extern struct task_struct *get_pid_task(struct pid *pid, enum pid_type type);
extern struct task_struct *find_get_task_by_vpid(pid_t nr);
extern struct pid *get_pid(struct pid *pid);
extern void put_pid(struct pid *pid);

/* The pid of a task as an object, without a reference. Context: any. */
extern struct pid *task_pid(struct task_struct *task);
KLOOM_END_DECLS

static inline struct pid *find_pid_ns(int nr, struct pid_namespace *ns)
{
	(void)ns;
	return find_vpid(nr);
}

static inline pid_t pid_nr(struct pid *pid)
{
	return pid ? pid->nr : 0;
}
#define pid_vnr(pid) pid_nr(pid)

static inline pid_t pid_nr_ns(struct pid *pid, struct pid_namespace *ns)
{
	(void)ns;
	return pid_nr(pid);
}
