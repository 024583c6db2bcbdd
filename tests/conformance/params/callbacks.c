// SPDX-License-Identifier: MIT
// conformance: parameters with functions of their own: when set and get are called, with what, and where their errors go
// drive: P=/sys/module/callbacks/parameters
// drive: insmod $MODULE watched=one watched=two noarg noarg=text
// drive: cat $P/watched $P/noarg $P/strict
// drive: echo three > $P/watched
// drive: printf 'no newline' > $P/watched
// drive: printf '\n' > $P/watched
// drive: printf '' > $P/watched
// drive: echo bad > $P/strict
// drive: echo 7 > $P/strict; echo $?
// drive: cat $P/strict
// drive: cat $P/unreadable
// drive: echo x > $P/called
// drive: cat $P/called
// drive: ls $P
// drive: rmmod $MODULE
// drive: insmod $MODULE strict=bad; insmod $MODULE strict=full; insmod $MODULE strict=2 watched
// drive: insmod $MODULE watched= called=1 && rmmod $MODULE
#include <linux/module.h>
#include <linux/string.h>

static int number = 1;
static int calls;

static int watched_set(const char *value, const struct kernel_param *kp)
{
	pr_info("%s set to [%s], perm %o, level %d, flags %d, calls %d\n", kp->name, value, kp->perm, kp->level, kp->flags,
		++*(int *)kp->arg);
	return 0;
}

static int watched_get(char *buffer, const struct kernel_param *kp)
{
	pr_info("%s got\n", kp->name);
	return sprintf(buffer, "%s after %d calls\n", kp->name, *(int *)kp->arg);
}

static const struct kernel_param_ops watched_ops = {.set = watched_set, .get = watched_get};
module_param_cb(watched, &watched_ops, &calls, 0644);

static int noarg_set(const char *value, const struct kernel_param *kp)
{
	pr_info("noarg set to %s%s\n", value ? "text " : "NULL", value ? value : "");
	return 0;
}

static const struct kernel_param_ops noarg_ops = {.flags = KERNEL_PARAM_OPS_FL_NOARG, .set = noarg_set, .get = watched_get};
module_param_cb(noarg, &noarg_ops, &calls, 0444);

static int strict_set(const char *value, const struct kernel_param *kp)
{
	if (!strncmp(value, "bad", 3))
		return -ERANGE;
	if (!strncmp(value, "full", 4))
		return -ENOSPC;
	return param_set_int(value, kp);
}

static const struct kernel_param_ops strict_ops = {.set = strict_set, .get = param_get_int};
module_param_cb(strict, &strict_ops, &number, 0600);

static const struct kernel_param_ops unreadable_ops = {.set = strict_set};
module_param_cb(unreadable, &unreadable_ops, &number, 0644);
module_param_cb(hidden, &watched_ops, &calls, 0);
module_param_call(called, watched_set, watched_get, &calls, 0644);

static int __init callbacks_init(void)
{
	pr_info("init: number %d calls %d\n", number, calls);
	return 0;
}

static void __exit callbacks_exit(void)
{
	pr_info("exit: number %d calls %d\n", number, calls);
}

module_init(callbacks_init);
module_exit(callbacks_exit);
MODULE_LICENSE("Dual MIT/GPL");
