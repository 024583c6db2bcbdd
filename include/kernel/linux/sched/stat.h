/*
 * Counts of tasks.
 */
#pragma once

#include <linux/compiler.h>

KLOOM_BEGIN_DECLS
/* Context: any. */
extern unsigned int nr_running(void);
extern unsigned long nr_iowait(void);
extern unsigned long long nr_context_switches(void);
KLOOM_END_DECLS
