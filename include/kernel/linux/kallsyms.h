/*
 * Addresses of names.
 */
#pragma once

#include <linux/compiler.h>
#include <linux/types.h>

#define KSYM_NAME_LEN 512

KLOOM_BEGIN_DECLS
/* Address of a kernel or module symbol; 0 if there is none. Context: any. */
extern unsigned long kallsyms_lookup_name(const char *name);
KLOOM_END_DECLS
