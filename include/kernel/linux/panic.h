/*
 * The end of the kernel.
 */
#pragma once

#include <linux/compiler.h>
#include <linux/types.h>

KLOOM_BEGIN_DECLS
/* Stops the machine; the execution ends with a finding. Context: any. */
extern __printf(1, 2) __noreturn void panic(const char *fmt, ...);
KLOOM_END_DECLS
