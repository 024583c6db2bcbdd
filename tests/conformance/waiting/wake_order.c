// SPDX-License-Identifier: MIT
// conformance: In which order wait queue entries are called, and where waking stops
#include <linux/module.h>
#include <linux/wait.h>

static DECLARE_WAIT_QUEUE_HEAD(queue);

struct watcher {
	struct wait_queue_entry entry;
	const char *name;
	int result;
};

static char called[64];

static int on_wake(struct wait_queue_entry *entry, unsigned int mode, int flags, void *key)
{
	struct watcher *watcher = container_of(entry, struct watcher, entry);

	strlcat(called, watcher->name, sizeof(called));
	return watcher->result;
}

static struct watcher shared[3] = {{.name = "a"}, {.name = "b"}, {.name = "c"}};
static struct watcher exclusive[3] = {{.name = "X"}, {.name = "Y"}, {.name = "Z"}};
static struct watcher first = {.name = "!"};

static void set_results(int of_shared, int of_exclusive)
{
	int i;

	for (i = 0; i < 3; i++) {
		shared[i].result = of_shared;
		exclusive[i].result = of_exclusive;
	}
	first.result = 0;
}

#define SHOW(wake)                                                                                 \
	do {                                                                                       \
		called[0] = 0;                                                                     \
		wake;                                                                              \
		pr_info("%-28s %s\n", #wake, called);                                              \
	} while (0)

static void show_all(const char *what)
{
	pr_info("%s\n", what);
	SHOW(wake_up(&queue));
	SHOW(wake_up_nr(&queue, 2));
	SHOW(wake_up_nr(&queue, 5));
	SHOW(wake_up_all(&queue));
	SHOW(wake_up_interruptible(&queue));
	SHOW(wake_up_interruptible_nr(&queue, 2));
	SHOW(wake_up_interruptible_all(&queue));
	SHOW(wake_up_interruptible_sync(&queue));
	SHOW(wake_up_poll(&queue, 1));
}

static int __init wake_order_init(void)
{
	int i;

	for (i = 0; i < 3; i++) {
		init_waitqueue_func_entry(&shared[i].entry, on_wake);
		init_waitqueue_func_entry(&exclusive[i].entry, on_wake);
	}
	init_waitqueue_func_entry(&first.entry, on_wake);
	for (i = 0; i < 3; i++) {
		add_wait_queue_exclusive(&queue, &exclusive[i].entry);
		add_wait_queue(&queue, &shared[i].entry);
	}
	set_results(1, 1);
	show_all("all are woken");
	add_wait_queue_priority(&queue, &first.entry);
	show_all("one with priority in front, which is not woken");
	first.result = 1;
	SHOW(wake_up(&queue));
	SHOW(wake_up_nr(&queue, 2));
	set_results(0, 0);
	show_all("none is woken");
	set_results(1, 1);
	exclusive[0].result = 0;
	exclusive[2].result = 0;
	show_all("of the exclusive ones only the second is woken");
	set_results(1, 1);
	shared[1].result = -1;
	show_all("the second shared one ends the walk");
	set_results(1, 1);
	remove_wait_queue(&queue, &shared[2].entry);
	add_wait_queue(&queue, &shared[2].entry);
	remove_wait_queue(&queue, &exclusive[0].entry);
	add_wait_queue_exclusive(&queue, &exclusive[0].entry);
	SHOW(wake_up_all(&queue));
	spin_lock_irq(&queue.lock);
	SHOW(wake_up_locked(&queue));
	SHOW(wake_up_all_locked(&queue));
	spin_unlock_irq(&queue.lock);
	for (i = 0; i < 3; i++) {
		remove_wait_queue(&queue, &shared[i].entry);
		remove_wait_queue(&queue, &exclusive[i].entry);
	}
	pr_info("active %d\n", waitqueue_active(&queue));
	remove_wait_queue(&queue, &first.entry);
	pr_info("active %d\n", waitqueue_active(&queue));
	return 0;
}

static void __exit wake_order_exit(void)
{
}

module_init(wake_order_init);
module_exit(wake_order_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("The order of a wait queue");
