/*
 * Credentials of tasks. Everything on the machine runs as root unless a module changes it.
 */
#pragma once

#include <asm/current.h>
#include <linux/capability.h>
#include <linux/compiler.h>
#include <linux/refcount.h>
#include <linux/sched.h>
#include <linux/types.h>
#include <linux/uidgid.h>

struct user_namespace;

struct group_info {
	atomic_t usage;
	int ngroups;
	kgid_t gid[];
};

struct cred {
	atomic_t usage;
	kuid_t uid;
	kgid_t gid;
	kuid_t suid;
	kgid_t sgid;
	kuid_t euid;
	kgid_t egid;
	kuid_t fsuid;
	kgid_t fsgid;
	unsigned int securebits;
	struct user_namespace *user_ns;
	struct group_info *group_info;
};

KLOOM_BEGIN_DECLS
extern struct user_namespace init_user_ns;

/* A copy of the running task's credentials, to be changed and committed or aborted. Context: task, may sleep. */
extern struct cred *prepare_creds(void);
extern int commit_creds(struct cred *new_cred);
extern void abort_creds(struct cred *new_cred);
/* Root's credentials. Context: task, may sleep. */
extern struct cred *prepare_kernel_cred(struct task_struct *daemon);
extern const struct cred *get_cred(const struct cred *cred);
extern void put_cred(const struct cred *cred);
extern const struct cred *override_creds(const struct cred *new_cred);
extern void revert_creds(const struct cred *old_cred);
KLOOM_END_DECLS

#define current_cred() (get_current()->cred)
#define current_real_cred() (get_current()->real_cred)
#define __task_cred(task) ((task)->real_cred)
#define get_current_cred() get_cred(current_cred())
#define get_task_cred(task) get_cred(__task_cred(task))

#define current_uid() (current_cred()->uid)
#define current_gid() (current_cred()->gid)
#define current_euid() (current_cred()->euid)
#define current_egid() (current_cred()->egid)
#define current_suid() (current_cred()->suid)
#define current_sgid() (current_cred()->sgid)
#define current_fsuid() (current_cred()->fsuid)
#define current_fsgid() (current_cred()->fsgid)
#define current_user_ns() (current_cred()->user_ns)
#define current_uid_gid(_uid, _gid) \
	do { \
		*(_uid) = current_uid(); \
		*(_gid) = current_gid(); \
	} while (0)
#define task_uid(task) (__task_cred(task)->uid)
#define task_euid(task) (__task_cred(task)->euid)
