// SPDX-License-Identifier: MIT
// conformance: In which order sleeping readers and writers get a rw_semaphore: a waiting writer stops later readers, readers go in together
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/rwsem.h>
#include <linux/sched/task.h>

#define TASKS_MAX 6

static DECLARE_RWSEM(sem);
static DECLARE_COMPLETION(done);
static DEFINE_SPINLOCK(order_lock);
static char order[2 * TASKS_MAX + 1];
static struct completion leave[TASKS_MAX];
static const char *names;
static struct task_struct *tasks[TASKS_MAX];
static int stages[TASKS_MAX];

enum { NOT_STARTED, STARTED, GONE };

static void note(char what)
{
	size_t length;

	spin_lock(&order_lock);
	length = strlen(order);
	order[length] = what;
	order[length + 1] = 0;
	spin_unlock(&order_lock);
}

static int takes(void *argument)
{
	const long number = (long)argument;
	const bool is_reader = names[number] == 'r';

	WRITE_ONCE(stages[number], STARTED);
	if (is_reader)
		down_read(&sem);
	else
		down_write(&sem);
	note('0' + number);
	wait_for_completion(&leave[number]);
	if (is_reader)
		up_read(&sem);
	else
		up_write(&sem);
	WRITE_ONCE(stages[number], GONE);
	complete(&done);
	return 0;
}

static bool is_settled(int count)
{
	int i;

	for (i = 0; i < count; i++) {
		const int stage = READ_ONCE(stages[i]);

		if (stage == NOT_STARTED)
			return false;
		if (stage == STARTED && !(READ_ONCE(tasks[i]->__state) & TASK_NORMAL))
			return false;
	}
	return true;
}

static void settle(int count)
{
	do /* ends: each task waits, for the semaphore or until it may leave, or has ended */
		schedule_timeout_uninterruptible(1);
	while (!is_settled(count));
}

/* Lets tasks queue one after the other, releases the semaphore, and then lets each leave in the
 * order of arrival. */
static void show(bool is_held_for_reading, const char *queue)
{
	const int count = strlen(queue);
	long i;

	names = queue;
	order[0] = 0;
	if (is_held_for_reading)
		down_read(&sem);
	else
		down_write(&sem);
	for (i = 0; i < count; i++) {
		tasks[i] = kthread_create(takes, (void *)i, "takes/%ld", i);
		if (IS_ERR(tasks[i]))
			return;
		get_task_struct(tasks[i]);
		init_completion(&leave[i]);
		stages[i] = NOT_STARTED;
		kthread_bind(tasks[i], i % 4);
		wake_up_process(tasks[i]);
		settle(i + 1);
	}
	pr_info("held for %s, then come %s: in at once \"%s\"\n",
		is_held_for_reading ? "reading" : "writing", queue, order);
	if (is_held_for_reading)
		up_read(&sem);
	else
		up_write(&sem);
	settle(count);
	/* Of readers that go in together the order is open: print how many. */
	pr_info("  after the release %zu are in\n", strlen(order));
	for (i = 0; i < count; i++) {
		complete(&leave[i]);
		settle(count);
		pr_info("  %ld (%c) may leave: %zu were in\n", i, queue[i], strlen(order));
	}
	for (i = 0; i < count; i++) {
		wait_for_completion(&done);
		put_task_struct(tasks[i]);
	}
}

static int __init rwsem_order_init(void)
{
	show(true, "r");
	show(true, "rr");
	show(true, "wr");
	show(true, "rwr");
	show(false, "rrr");
	show(false, "wrw");
	show(false, "rwrw");
	show(false, "wrwr");
	show(true, "wwr");
	return 0;
}

static void __exit rwsem_order_exit(void)
{
}

module_init(rwsem_order_init);
module_exit(rwsem_order_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("The order of readers and writers");
