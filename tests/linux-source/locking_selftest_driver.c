/*
 * Runs case number `only` of Linux's lib/locking-selftest.c, which is included unmodified, and ends
 * behind it. Without a number it runs none and prints them all, with what lockdep is expected to do.
 */
#define CONFIG_DEBUG_LOCKING_API_SELFTESTS 1

#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/module.h>

static int only;
module_param(only, int, 0444);
MODULE_PARM_DESC(only, "number of the case to run");

static DECLARE_COMPLETION(done);

/* Locks that a case leaves held stay so: the thread ends behind the case. */
static void run_when_chosen(void (*function)(void), int expected)
{
	static int number;

	if (++number == only) {
		function();
		kthread_complete_and_exit(&done, 0);
	}
	if (only == 0)
		pr_info("case %d %ps %s\n", number, function, expected ? "ok" : "report");
}

/* dotest() calls its parameter, which is declared otherwise: `(*testcase_fn)(void)`. */
#define testcase_fn() run_when_chosen(testcase_fn, expected)
#include "locking-selftest.c"

static int run_selftest(void *unused)
{
	locking_selftest();
	kthread_complete_and_exit(&done, 0);
}

static int __init start(void)
{
	struct task_struct *thread = kthread_run(run_selftest, NULL, "selftest");

	if (IS_ERR(thread))
		return PTR_ERR(thread);
	wait_for_completion(&done);
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
