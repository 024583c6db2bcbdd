// Two threads count under a spin lock, twice each.
#define THREADS 2
#define ROUNDS 2
#include "threads.h"
#include <linux/spinlock.h>

static DEFINE_SPINLOCK(lock);
static int count;

static void round(long number)
{
	spin_lock(&lock);
	count++;
	spin_unlock(&lock);
}
