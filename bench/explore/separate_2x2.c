// Two threads write variables of their own, twice each: nothing depends on their order.
#define THREADS 2
#define ROUNDS 2
#include "threads.h"

static int x[THREADS];

static void round(long number)
{
	WRITE_ONCE(x[number], 1);
}
