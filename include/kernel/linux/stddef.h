/*
 * NULL, offsetof() and what the kernel derives from them.
 */
#pragma once

#include <stddef.h>
#include <linux/compiler_types.h>

#if !defined(__cplusplus) && !defined(bool)
enum { false = 0, true = 1 };
#endif

#define sizeof_field(type, member) sizeof(((type *)0)->member)
#define FIELD_SIZEOF(type, member) sizeof_field(type, member)
#define offsetofend(type, member)  (offsetof(type, member) + sizeof_field(type, member))

/* A group of members that can be named as a whole. */
#define __struct_group(tag, name, attrs, members...)                                               \
	union {                                                                                    \
		struct {                                                                           \
			members                                                                    \
		} attrs;                                                                           \
		struct tag {                                                                       \
			members                                                                    \
		} attrs name;                                                                      \
	}
#define struct_group(name, members...)                                                             \
	__struct_group(/* no tag */, name, /* no attributes */, members)
#define struct_group_attr(name, attrs, members...)                                                 \
	__struct_group(/* no tag */, name, attrs, members)
#define struct_group_tagged(tag, name, members...)                                                 \
	__struct_group(tag, name, /* no attributes */, members)

#ifdef __cplusplus
#define __DECLARE_FLEX_ARRAY(type, name) type name[0]
#else
#define __DECLARE_FLEX_ARRAY(type, name)                                                           \
	struct {                                                                                   \
		struct {                                                                           \
		} __empty_##name;                                                                  \
		type name[];                                                                       \
	}
#endif
#define DECLARE_FLEX_ARRAY(type, name) __DECLARE_FLEX_ARRAY(type, name)
