/*
 * Code that runs once in the life of the module.
 */
#pragma once

#include <linux/compiler.h>
#include <linux/types.h>

/* Runs `func(args)` in the first call at this place; true when it did. Context: any. */
#define DO_ONCE(func, ...)                                                                         \
	({                                                                                         \
		static unsigned char __once_done;                                                  \
		bool __once_ret = !__atomic_exchange_n(&__once_done, 1, __ATOMIC_SEQ_CST);         \
		if (unlikely(__once_ret))                                                          \
			func(__VA_ARGS__);                                                         \
		unlikely(__once_ret);                                                              \
	})
#define DO_ONCE_SLEEPABLE(func, ...) DO_ONCE(func, ##__VA_ARGS__)
#define DO_ONCE_LITE(func, ...)	     DO_ONCE(func, ##__VA_ARGS__)
#define get_random_once(buf, nbytes) DO_ONCE(get_random_bytes, (buf), (nbytes))
