/*
 * The scheduler's view of the machine's topology: nothing that modules under test reach, but a header that they include.
 */
#pragma once

#include <linux/sched.h>
