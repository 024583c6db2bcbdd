/*
 * UUIDs in both byte orders.
 */
#pragma once

#include <linux/compiler.h>
#include <linux/string.h>
#include <linux/types.h>

#define UUID_SIZE	16
#define UUID_STRING_LEN 36

/* guid_t has its first three fields little-endian, uuid_t all of them big-endian. */
typedef struct {
	__u8 b[UUID_SIZE];
} guid_t;

typedef struct {
	__u8 b[UUID_SIZE];
} uuid_t;

typedef guid_t uuid_le;

#define GUID_INIT(a, b, c, d0, d1, d2, d3, d4, d5, d6, d7)                                         \
	{                                                                                          \
		{                                                                                  \
			(a) & 0xff, ((a) >> 8) & 0xff, ((a) >> 16) & 0xff, ((a) >> 24) & 0xff,     \
				(b)&0xff, ((b) >> 8) & 0xff, (c)&0xff, ((c) >> 8) & 0xff, d0, d1,  \
				d2, d3, d4, d5, d6, d7                                             \
		}                                                                                  \
	}
#define UUID_INIT(a, b, c, d0, d1, d2, d3, d4, d5, d6, d7)                                         \
	{                                                                                          \
		{                                                                                  \
			((a) >> 24) & 0xff, ((a) >> 16) & 0xff, ((a) >> 8) & 0xff, (a)&0xff,       \
				((b) >> 8) & 0xff, (b)&0xff, ((c) >> 8) & 0xff, (c)&0xff, d0, d1,  \
				d2, d3, d4, d5, d6, d7                                             \
		}                                                                                  \
	}

KLOOM_BEGIN_DECLS
extern const guid_t guid_null;
extern const uuid_t uuid_null;
extern const u8 guid_index[16];
extern const u8 uuid_index[16];
extern void generate_random_uuid(unsigned char uuid[16]);
extern void generate_random_guid(unsigned char guid[16]);
extern void guid_gen(guid_t *u);
extern void uuid_gen(uuid_t *u);
extern bool uuid_is_valid(const char *uuid);
extern int guid_parse(const char *uuid, guid_t *u);
extern int uuid_parse(const char *uuid, uuid_t *u);
KLOOM_END_DECLS

#ifndef KLOOM_IMPLEMENTATION
static inline bool guid_equal(const guid_t *u1, const guid_t *u2)
{
	return memcmp(u1, u2, sizeof(guid_t)) == 0;
}

static inline bool uuid_equal(const uuid_t *u1, const uuid_t *u2)
{
	return memcmp(u1, u2, sizeof(uuid_t)) == 0;
}

static inline void guid_copy(guid_t *dst, const guid_t *src)
{
	memcpy(dst, src, sizeof(guid_t));
}

static inline void uuid_copy(uuid_t *dst, const uuid_t *src)
{
	memcpy(dst, src, sizeof(uuid_t));
}

static inline bool guid_is_null(const guid_t *guid)
{
	return guid_equal(guid, &guid_null);
}

static inline bool uuid_is_null(const uuid_t *uuid)
{
	return uuid_equal(uuid, &uuid_null);
}
#endif
