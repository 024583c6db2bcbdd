/*
 * The softirqs that are pending on the current CPU.
 */
#pragma once

#include <linux/compiler.h>

KLOOM_BEGIN_DECLS

/* One bit for each softirq vector. Context: any; the answer belongs to the CPU on which it was asked. */
unsigned int local_softirq_pending(void);

KLOOM_END_DECLS
