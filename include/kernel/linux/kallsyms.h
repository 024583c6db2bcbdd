/*
 * Names of addresses and addresses of names.
 */
#pragma once

#include <linux/compiler.h>
#include <linux/types.h>

#define KSYM_NAME_LEN 512
#define KSYM_SYMBOL_LEN (KSYM_NAME_LEN + 64)

KLOOM_BEGIN_DECLS
/* Address of a kernel or module symbol; 0 if there is none. Context: any. */
extern unsigned long kallsyms_lookup_name(const char *name);
/* Write "symbol+0x10/0x20 [module]", the second without the numbers, and return the length. Context: any. */
extern int sprint_symbol(char *buffer, unsigned long address);
extern int sprint_symbol_no_offset(char *buffer, unsigned long address);
KLOOM_END_DECLS
