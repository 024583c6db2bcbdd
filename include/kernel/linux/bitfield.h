/*
 * Fields of registers by their mask, which must be constant and without holes.
 */
#pragma once

#include <asm/byteorder.h>
#include <linux/build_bug.h>
#include <linux/types.h>

#define __bf_shf(x)		      (__builtin_ffsll(x) - 1)
#define FIELD_MAX(_mask)	      ((__typeof__(_mask))((_mask) >> __bf_shf(_mask)))
#define FIELD_FIT(_mask, _val)	      (!((((__typeof__(_mask))(_val)) << __bf_shf(_mask)) & ~(_mask)))
#define FIELD_PREP(_mask, _val)	      (((__typeof__(_mask))(_val) << __bf_shf(_mask)) & (_mask))
#define FIELD_PREP_CONST(_mask, _val) FIELD_PREP(_mask, _val)
#define FIELD_GET(_mask, _reg)	      ((__typeof__(_mask))(((_reg) & (_mask)) >> __bf_shf(_mask)))

#define __KLOOM_FIELD_FUNCTIONS(type)                                                              \
	static __always_inline type type##_encode_bits(type v, type field)                         \
	{                                                                                          \
		return (type)((type)(v << __bf_shf(field)) & field);                               \
	}                                                                                          \
	static __always_inline type type##_get_bits(type v, type field)                            \
	{                                                                                          \
		return (type)((type)(v & field) >> __bf_shf(field));                               \
	}                                                                                          \
	static __always_inline type type##_replace_bits(type old, type val, type field)            \
	{                                                                                          \
		return (type)((old & (type)~field) | type##_encode_bits(val, field));              \
	}                                                                                          \
	static __always_inline void type##p_replace_bits(type *p, type val, type field)            \
	{                                                                                          \
		*p = type##_replace_bits(*p, val, field);                                          \
	}
__KLOOM_FIELD_FUNCTIONS(u8)
__KLOOM_FIELD_FUNCTIONS(u16)
__KLOOM_FIELD_FUNCTIONS(u32)
__KLOOM_FIELD_FUNCTIONS(u64)
