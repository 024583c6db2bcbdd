/*
 * Calling conventions and linkage.
 */
#pragma once

#include <linux/compiler_types.h>
#include <linux/export.h>
#include <linux/stringify.h>

#ifdef __cplusplus
#define CPP_ASMLINKAGE extern "C"
#else
#define CPP_ASMLINKAGE
#endif
#define asmlinkage	    CPP_ASMLINKAGE
#define __page_aligned_data __section(".data..page_aligned") __aligned(4096)
#define __page_aligned_bss  __section(".bss..page_aligned") __aligned(4096)
