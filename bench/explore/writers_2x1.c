// Two threads write one variable once each.
#define THREADS 2
#define ROUNDS 1
#include "threads.h"

static int x;

static void round(long number)
{
	WRITE_ONCE(x, number);
}
