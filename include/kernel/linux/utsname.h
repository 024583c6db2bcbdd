/*
 * The names of the machine.
 */
#pragma once

#include <linux/compiler.h>

#define __NEW_UTS_LEN 64

struct new_utsname {
	char sysname[__NEW_UTS_LEN + 1];
	char nodename[__NEW_UTS_LEN + 1];
	char release[__NEW_UTS_LEN + 1];
	char version[__NEW_UTS_LEN + 1];
	char machine[__NEW_UTS_LEN + 1];
	char domainname[__NEW_UTS_LEN + 1];
};

KLOOM_BEGIN_DECLS
extern struct new_utsname *utsname(void);
extern struct new_utsname *init_utsname(void);
KLOOM_END_DECLS
