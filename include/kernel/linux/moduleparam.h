/*
 * Module parameters. Each one is a struct kernel_param in the section kloom_params of the module,
 * where the loader finds it; the conversion from and to text is the parameter's operations
 * (src/kernel/lib/params.cpp).
 */
#pragma once

#include <linux/compiler.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/stringify.h>
#include <linux/types.h>

#define MAX_PARAM_PREFIX_LEN (64 - sizeof(unsigned long))
#ifdef MODULE
#define MODULE_PARAM_PREFIX
#else
#define MODULE_PARAM_PREFIX KBUILD_MODNAME "."
#endif

/* `tag=info` as a string in the section .modinfo. */
#define __MODULE_INFO(tag, name, info)                                                             \
	static const char __UNIQUE_ID(name)[] __used __section(".modinfo") __aligned(1) =          \
		__stringify(tag) "=" info
#define MODULE_PARM_DESC(_parm, desc) __MODULE_INFO(parm, _parm, #_parm ":" desc)

struct kernel_param;
struct module;

enum { KERNEL_PARAM_OPS_FL_NOARG = (1 << 0) };

struct kernel_param_ops {
	unsigned int flags;
	/* Returns 0 or a negative error number. */
	int (*set)(const char *val, const struct kernel_param *kp);
	/* Returns the length written to the buffer of 4096 bytes, or a negative error number. */
	int (*get)(char *buffer, const struct kernel_param *kp);
	void (*free)(void *arg);
};

enum { KERNEL_PARAM_FL_UNSAFE = (1 << 0), KERNEL_PARAM_FL_HWPARAM = (1 << 1) };

struct kernel_param {
	const char *name;
	struct module *mod;
	const struct kernel_param_ops *ops;
	const u16 perm;
	s8 level;
	u8 flags;
	union {
		void *arg;
		const struct kparam_string *str;
		const struct kparam_array *arr;
	};
};

struct kparam_string {
	unsigned int maxlen;
	char *string;
};

struct kparam_array {
	unsigned int max;
	unsigned int elemsize;
	unsigned int *num;
	const struct kernel_param_ops *ops;
	void *elem;
};

/* A sysfs mode: octal, readable whenever writable for group and others, never writable for others.
 */
#define VERIFY_OCTAL_PERMISSIONS(perms)                                                            \
	(BUILD_BUG_ON_ZERO((perms) < 0) + BUILD_BUG_ON_ZERO((perms) > 0777) +                      \
	 BUILD_BUG_ON_ZERO((perms)&2) + (perms))

#define __module_param_call(prefix, name, ops, arg, perm, level, flags)                            \
	static const char __param_str_##name[] = prefix #name;                                     \
	static const struct kernel_param __param_##name __used __retain __section("kloom_params")  \
		__aligned(sizeof(void *)) = {__param_str_##name,                                   \
					     THIS_MODULE,                                          \
					     ops,                                                  \
					     VERIFY_OCTAL_PERMISSIONS(perm),                       \
					     level,                                                \
					     flags,                                                \
					     {(void *)(arg)}}

#define module_param_cb(name, ops, arg, perm)                                                      \
	__module_param_call(MODULE_PARAM_PREFIX, name, ops, arg, perm, -1, 0)
#define module_param_cb_unsafe(name, ops, arg, perm)                                               \
	__module_param_call(MODULE_PARAM_PREFIX, name, ops, arg, perm, -1, KERNEL_PARAM_FL_UNSAFE)

/* `set` and `get` are functions of struct kernel_param_ops. */
#define module_param_call(name, _set, _get, arg, perm)                                             \
	static const struct kernel_param_ops __param_ops_##name = {0, _set, _get, NULL};           \
	__module_param_call(MODULE_PARAM_PREFIX, name, &__param_ops_##name, arg, perm, -1, 0)

#define module_param(name, type, perm)	      module_param_named(name, name, type, perm)
#define module_param_unsafe(name, type, perm) module_param_named_unsafe(name, name, type, perm)
#define module_param_named(name, value, type, perm)                                                \
	param_check_##type(name, &(value));                                                        \
	module_param_cb(name, &param_ops_##type, &value, perm);                                    \
	__MODULE_INFO(parmtype, name##type, #name ":" #type)
#define module_param_named_unsafe(name, value, type, perm)                                         \
	param_check_##type(name, &(value));                                                        \
	module_param_cb_unsafe(name, &param_ops_##type, &value, perm);                             \
	__MODULE_INFO(parmtype, name##type, #name ":" #type)
#define module_param_hw_named(name, value, type, hwtype, perm)                                     \
	module_param_named(name, value, type, perm)
#define module_param_hw(name, type, hwtype, perm) module_param(name, type, perm)
#define core_param(name, var, type, perm)	  module_param_named(name, var, type, perm)

#define module_param_string(name, string, len, perm)                                               \
	static const struct kparam_string __param_string_##name = {len, string};                   \
	__module_param_call(MODULE_PARAM_PREFIX, name, &param_ops_string, &__param_string_##name,  \
			    perm, -1, 0);                                                          \
	__MODULE_INFO(parmtype, name##type, #name ":string")

/* `nump` points to the number of elements that were given, or is NULL. */
#define module_param_array(name, type, nump, perm)                                                 \
	module_param_array_named(name, name, type, nump, perm)
#define module_param_array_named(name, array, type, nump, perm)                                    \
	param_check_##type(name, &(array)[0]);                                                     \
	static const struct kparam_array __param_arr_##name = {                                    \
		ARRAY_SIZE(array), sizeof((array)[0]), (unsigned int *)(nump), &param_ops_##type,  \
		array};                                                                            \
	__module_param_call(MODULE_PARAM_PREFIX, name, &param_array_ops, &__param_arr_##name,      \
			    perm, -1, 0);                                                          \
	__MODULE_INFO(parmtype, name##type, #name ":array of " #type)
#define module_param_hw_array(name, type, hwtype, nump, perm)                                      \
	module_param_array(name, type, nump, perm)

/* Fails to compile when the variable's type is not the parameter's. */
#define __param_check(name, p, type)                                                               \
	static inline type __maybe_unused *__check_##name(void)                                    \
	{                                                                                          \
		return (p);                                                                        \
	}
#define param_check_byte(name, p)    __param_check(name, p, unsigned char)
#define param_check_short(name, p)   __param_check(name, p, short)
#define param_check_ushort(name, p)  __param_check(name, p, unsigned short)
#define param_check_int(name, p)     __param_check(name, p, int)
#define param_check_uint(name, p)    __param_check(name, p, unsigned int)
#define param_check_long(name, p)    __param_check(name, p, long)
#define param_check_ulong(name, p)   __param_check(name, p, unsigned long)
#define param_check_ullong(name, p)  __param_check(name, p, unsigned long long)
#define param_check_hexint(name, p)  param_check_uint(name, p)
#define param_check_charp(name, p)   __param_check(name, p, char *)
#define param_check_bool(name, p)    __param_check(name, p, bool)
#define param_check_invbool(name, p) __param_check(name, p, bool)
#define param_check_bool_enable_only param_check_bool
#define param_check_bint	     param_check_int

KLOOM_BEGIN_DECLS
#define KLOOM_PARAM_TYPE(type)                                                                     \
	extern const struct kernel_param_ops param_ops_##type;                                     \
	extern int param_set_##type(const char *val, const struct kernel_param *kp);               \
	extern int param_get_##type(char *buffer, const struct kernel_param *kp)
KLOOM_PARAM_TYPE(byte);
KLOOM_PARAM_TYPE(short);
KLOOM_PARAM_TYPE(ushort);
KLOOM_PARAM_TYPE(int);
KLOOM_PARAM_TYPE(uint);
KLOOM_PARAM_TYPE(long);
KLOOM_PARAM_TYPE(ulong);
KLOOM_PARAM_TYPE(ullong);
KLOOM_PARAM_TYPE(hexint);
KLOOM_PARAM_TYPE(charp);
KLOOM_PARAM_TYPE(bool);
KLOOM_PARAM_TYPE(invbool);
#undef KLOOM_PARAM_TYPE

extern const struct kernel_param_ops param_ops_bint;
extern int param_set_bint(const char *val, const struct kernel_param *kp);
#define param_get_bint param_get_int
extern const struct kernel_param_ops param_ops_bool_enable_only;
extern int param_set_bool_enable_only(const char *val, const struct kernel_param *kp);
extern const struct kernel_param_ops param_ops_string;
extern int param_set_copystring(const char *val, const struct kernel_param *kp);
extern int param_get_string(char *buffer, const struct kernel_param *kp);
extern const struct kernel_param_ops param_array_ops;
extern int param_set_uint_minmax(const char *val, const struct kernel_param *kp, unsigned int min,
				 unsigned int max);
KLOOM_END_DECLS
