/*
 * User and group numbers as types of their own. The machine has one user namespace.
 */
#pragma once

#include <linux/compiler.h>
#include <linux/types.h>

typedef struct {
	uid_t val;
} kuid_t;

typedef struct {
	gid_t val;
} kgid_t;

#ifdef __cplusplus
#define KUIDT_INIT(value) (kuid_t{(value)})
#define KGIDT_INIT(value) (kgid_t{(value)})
#else
#define KUIDT_INIT(value) ((kuid_t){value})
#define KGIDT_INIT(value) ((kgid_t){value})
#endif
#define GLOBAL_ROOT_UID KUIDT_INIT(0)
#define GLOBAL_ROOT_GID KGIDT_INIT(0)
#define INVALID_UID	KUIDT_INIT((uid_t)-1)
#define INVALID_GID	KGIDT_INIT((gid_t)-1)

struct user_namespace;
KLOOM_BEGIN_DECLS
extern struct user_namespace init_user_ns;
KLOOM_END_DECLS

static __always_inline uid_t __kuid_val(kuid_t uid)
{
	return uid.val;
}

static __always_inline gid_t __kgid_val(kgid_t gid)
{
	return gid.val;
}

static __always_inline bool uid_eq(kuid_t left, kuid_t right)
{
	return __kuid_val(left) == __kuid_val(right);
}

static __always_inline bool gid_eq(kgid_t left, kgid_t right)
{
	return __kgid_val(left) == __kgid_val(right);
}

static __always_inline bool uid_gt(kuid_t left, kuid_t right)
{
	return __kuid_val(left) > __kuid_val(right);
}

static __always_inline bool uid_lt(kuid_t left, kuid_t right)
{
	return __kuid_val(left) < __kuid_val(right);
}

static __always_inline bool uid_valid(kuid_t uid)
{
	return __kuid_val(uid) != (uid_t)-1;
}

static __always_inline bool gid_valid(kgid_t gid)
{
	return __kgid_val(gid) != (gid_t)-1;
}

static __always_inline kuid_t make_kuid(struct user_namespace *from, uid_t uid)
{
	(void)from;
	return KUIDT_INIT(uid);
}

static __always_inline kgid_t make_kgid(struct user_namespace *from, gid_t gid)
{
	(void)from;
	return KGIDT_INIT(gid);
}

static __always_inline uid_t from_kuid(struct user_namespace *to, kuid_t uid)
{
	(void)to;
	return __kuid_val(uid);
}

static __always_inline gid_t from_kgid(struct user_namespace *to, kgid_t gid)
{
	(void)to;
	return __kgid_val(gid);
}

#define from_kuid_munged(to, uid) from_kuid(to, uid)
#define from_kgid_munged(to, gid) from_kgid(to, gid)
