/*
 * Marks and printers for debugging the scheduler.
 */
#pragma once

#include <linux/sched.h>

#define __sched
