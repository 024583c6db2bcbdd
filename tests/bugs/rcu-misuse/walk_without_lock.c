// kloom: --for 1s
// expect: rcu-misuse
/* Tasks may end while the list is walked; nothing keeps them. */
#include <linux/module.h>
#include <linux/sched/signal.h>

static int __init start(void)
{
	struct task_struct *task;
	int count = 0;

	for_each_process(task)
		count++;
	pr_info("%d tasks\n", count);
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
