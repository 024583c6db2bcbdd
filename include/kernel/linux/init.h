/*
 * Marks of code and data that only loading needs, and the names of a module's first and last
 * function.
 */
#pragma once

#include <linux/compiler.h>
#include <linux/stringify.h>
#include <linux/types.h>

#define __init
#define __exit
#define __initdata
#define __initconst
#define __exitdata
#define __init_or_module
#define __initdata_or_module
#define __initconst_or_module
#define __devinit
#define __devexit
#define __meminit
#define __exitused __used
#define __ref
#define __refdata

typedef int (*initcall_t)(void);
typedef void (*exitcall_t)(void);

/* Parameters of the kernel's command line: a module, which has none of its own, leaves them out, as
 * in Linux. */
#ifdef MODULE
#define __setup(str, unique_id)
#define early_param(str, fn)
#endif
