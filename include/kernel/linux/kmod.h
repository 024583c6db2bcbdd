/*
 * Loading other modules from the kernel. The machine has none, so modprobe never finds one.
 */
#pragma once

#include <linux/compiler.h>
#include <linux/types.h>

KLOOM_BEGIN_DECLS
/* Runs modprobe; its exit status (256: not found) or a negative error number. Context: task, may sleep. */
extern __printf(2, 3) int __request_module(bool wait, const char *name, ...);
KLOOM_END_DECLS

#define request_module(mod...) __request_module(true, mod)
#define request_module_nowait(mod...) __request_module(false, mod)
#define try_then_request_module(x, mod...) ((x) ?: (__request_module(true, mod), (x)))
