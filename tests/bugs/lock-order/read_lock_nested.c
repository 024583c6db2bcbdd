// kloom: --bound 0 --for 1s
// expect: lock-order
/* A writer that comes between the two waits for the first reader, and the second for it. */
#include <linux/module.h>
#include <linux/spinlock.h>

static DEFINE_RWLOCK(lock);
static int table[4];

static int sum(void)
{
	int i, total = 0;

	read_lock(&lock);
	for (i = 0; i < 4; i++)
		total += table[i];
	read_unlock(&lock);
	return total;
}

static int __init start(void)
{
	int average;

	read_lock(&lock);
	average = sum() / 4;
	read_unlock(&lock);
	return average;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
