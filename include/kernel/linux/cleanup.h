/*
 * Resources that are released at the end of a scope: DEFINE_FREE() with __free(), DEFINE_CLASS()
 * with CLASS(), DEFINE_GUARD() with guard() and scoped_guard().
 */
#pragma once

#include <linux/compiler.h>

#define DEFINE_FREE(_name, _type, _free)                                                           \
	static inline void __free_##_name(void *p)                                                 \
	{                                                                                          \
		_type _T = *(_type *)p;                                                            \
		_free;                                                                             \
	}
#define __free(_name) __cleanup(__free_##_name)
#define no_free_ptr(p)                                                                             \
	({                                                                                         \
		__typeof__(p) __kept = (p);                                                        \
		(p) = NULL;                                                                        \
		__kept;                                                                            \
	})
#define return_ptr(p) return no_free_ptr(p)

#define DEFINE_CLASS(_name, _type, _exit, _init, _init_args...)                                    \
	typedef _type class_##_name##_t;                                                           \
	static inline void class_##_name##_destructor(_type *p)                                    \
	{                                                                                          \
		_type _T = *p;                                                                     \
		_exit;                                                                             \
	}                                                                                          \
	static inline _type class_##_name##_constructor(_init_args)                                \
	{                                                                                          \
		_type t = _init;                                                                   \
		return t;                                                                          \
	}
#define CLASS(_name, var)                                                                          \
	class_##_name##_t var __cleanup(class_##_name##_destructor) = class_##_name##_constructor

#define DEFINE_GUARD(_name, _type, _lock, _unlock)                                                 \
	DEFINE_CLASS(                                                                              \
		_name, _type, if (_T) { _unlock; }, ({                                             \
			_lock;                                                                     \
			_T;                                                                        \
		}),                                                                                \
		_type _T)
#define guard(_name) CLASS(_name, __UNIQUE_ID(guard))
#define scoped_guard(_name, args...)                                                               \
	for (CLASS(_name, __scope)(args), __scope_done = (class_##_name##_t)0; !__scope_done;      \
	     __scope_done = (class_##_name##_t)1)
