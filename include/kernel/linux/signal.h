/*
 * Signals: their numbers (x86-64) and sets of them.
 */
#pragma once

#include <linux/list.h>
#include <linux/sched.h>
#include <linux/types.h>

#define _NSIG 64

#ifndef SIGHUP
#define SIGHUP 1
#define SIGINT 2
#define SIGQUIT 3
#define SIGILL 4
#define SIGTRAP 5
#define SIGABRT 6
#define SIGIOT 6
#define SIGBUS 7
#define SIGFPE 8
#define SIGKILL 9
#define SIGUSR1 10
#define SIGSEGV 11
#define SIGUSR2 12
#define SIGPIPE 13
#define SIGALRM 14
#define SIGTERM 15
#define SIGSTKFLT 16
#define SIGCHLD 17
#define SIGCONT 18
#define SIGSTOP 19
#define SIGTSTP 20
#define SIGTTIN 21
#define SIGTTOU 22
#define SIGURG 23
#define SIGXCPU 24
#define SIGXFSZ 25
#define SIGVTALRM 26
#define SIGPROF 27
#define SIGWINCH 28
#define SIGIO 29
#define SIGPOLL SIGIO
#define SIGPWR 30
#define SIGSYS 31
#define SIGRTMIN 32
#define SIGRTMAX _NSIG
#endif

#define sigmask(sig) (1UL << ((sig)-1))

struct kernel_siginfo;

#ifndef KLOOM_IMPLEMENTATION
/* What is known about a signal besides its number. */
typedef struct kernel_siginfo {
	int si_signo;
	int si_errno;
	int si_code;
	pid_t si_pid;
	union {
		int si_int;
		void *si_ptr;
	};
} kernel_siginfo_t;

#define SI_USER 0
#define SI_KERNEL 0x80
#define SI_QUEUE -1

typedef union sigval {
	int sival_int;
	void *sival_ptr;
} sigval_t;

#define siginfo kernel_siginfo
typedef struct kernel_siginfo siginfo_t;

static inline void clear_siginfo(kernel_siginfo_t *info)
{
	__builtin_memset(info, 0, sizeof(*info));
}
#endif

#define SEND_SIG_NOINFO ((struct kernel_siginfo *)0)
#define SEND_SIG_PRIV ((struct kernel_siginfo *)1)

static inline void sigemptyset(sigset_t *set)
{
	set->sig[0] = 0;
}

static inline void sigfillset(sigset_t *set)
{
	set->sig[0] = ~0UL;
}

static inline void sigaddset(sigset_t *set, int sig)
{
	set->sig[0] |= sigmask(sig);
}

static inline void sigdelset(sigset_t *set, int sig)
{
	set->sig[0] &= ~sigmask(sig);
}

static inline int sigismember(const sigset_t *set, int sig)
{
	return (int)(set->sig[0] >> (sig - 1) & 1);
}

static inline void siginitset(sigset_t *set, unsigned long mask)
{
	set->sig[0] = mask;
}

static inline void siginitsetinv(sigset_t *set, unsigned long mask)
{
	set->sig[0] = ~mask;
}
