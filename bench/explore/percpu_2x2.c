// Two threads count per CPU, twice each.
#define THREADS 2
#define ROUNDS 2
#include "threads.h"
#include <linux/percpu.h>

static DEFINE_PER_CPU(int, count);

static void round(long number)
{
	this_cpu_inc(count);
}
