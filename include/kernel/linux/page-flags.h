/*
 * The flags of a page that drivers use. All are atomic bit operations on page->flags.
 */
#pragma once

#include <linux/bitops.h>
#include <linux/mm_types.h>

enum pageflags {
	PG_locked,
	PG_referenced,
	PG_uptodate,
	PG_dirty,
	PG_lru,
	PG_active,
	PG_error,
	PG_reserved,
	PG_private,
};

#define __KLOOM_PAGE_FLAG(uname, lname) \
	static __always_inline int Page##uname(const struct page *page) \
	{ \
		return test_bit(PG_##lname, &page->flags); \
	} \
	static __always_inline void SetPage##uname(struct page *page) \
	{ \
		set_bit(PG_##lname, &page->flags); \
	} \
	static __always_inline void ClearPage##uname(struct page *page) \
	{ \
		clear_bit(PG_##lname, &page->flags); \
	}

__KLOOM_PAGE_FLAG(Referenced, referenced)
__KLOOM_PAGE_FLAG(Uptodate, uptodate)
__KLOOM_PAGE_FLAG(Dirty, dirty)
__KLOOM_PAGE_FLAG(Active, active)
__KLOOM_PAGE_FLAG(Error, error)
__KLOOM_PAGE_FLAG(Reserved, reserved)
__KLOOM_PAGE_FLAG(Private, private)
#undef __KLOOM_PAGE_FLAG

static __always_inline int PageLocked(const struct page *page)
{
	return test_bit(PG_locked, &page->flags);
}
