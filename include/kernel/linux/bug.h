/*
 * Assertions of the kernel. BUG() ends the execution, WARN() reports and goes on; both are findings
 * of the machine.
 */
#pragma once

#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/panic.h>
#include <linux/printk.h>
#include <linux/types.h>

KLOOM_BEGIN_DECLS
/* The condition that should not have come true; `condition` is its source text. Context: any. */
extern __noreturn void kloom_bug(const char *condition, const char *file, int line);
/* As kloom_bug(), but returns. `fmt` is NULL when there is no message. Context: any. */
extern void kloom_warn(const char *condition, const char *file, int line, const char *fmt, ...);
KLOOM_END_DECLS

#define BUG() kloom_bug("BUG()", __FILE__, __LINE__)
#define BUG_ON(condition)                                                                          \
	do {                                                                                       \
		if (unlikely(condition))                                                           \
			kloom_bug("BUG_ON(" #condition ")", __FILE__, __LINE__);                   \
	} while (0)

#define __kloom_warn_if(text, condition, ...)                                                      \
	({                                                                                         \
		int __ret_warn_on = !!(condition);                                                 \
		if (unlikely(__ret_warn_on))                                                       \
			kloom_warn(text, __FILE__, __LINE__, __VA_ARGS__);                         \
		unlikely(__ret_warn_on);                                                           \
	})
#define __kloom_warn_once_if(text, condition, ...)                                                 \
	({                                                                                         \
		static bool __already_done;                                                        \
		int __ret_warn_once = !!(condition);                                               \
		if (unlikely(__ret_warn_once && !READ_ONCE(__already_done))) {                     \
			WRITE_ONCE(__already_done, true);                                          \
			kloom_warn(text, __FILE__, __LINE__, __VA_ARGS__);                         \
		}                                                                                  \
		unlikely(__ret_warn_once);                                                         \
	})
#define WARN_ON(condition)	   __kloom_warn_if("WARN_ON(" #condition ")", condition, NULL)
#define WARN(condition, format...) __kloom_warn_if("WARN(" #condition ")", condition, format)
#define WARN_ON_ONCE(condition)                                                                    \
	__kloom_warn_once_if("WARN_ON_ONCE(" #condition ")", condition, NULL)
#define WARN_ONCE(condition, format...)                                                            \
	__kloom_warn_once_if("WARN_ONCE(" #condition ")", condition, format)
#define WARN_TAINT(condition, taint, format...)	 WARN(condition, format)
#define WARN_ON_SMP(x)				 WARN_ON(x)
#define __WARN()				 WARN_ON(1)
#define CHECK_DATA_CORRUPTION(condition, fmt...) WARN(condition, fmt)
