/*
 * The tick rate: HZ ticks in a second, as Debian configures it.
 */
#pragma once

#include <linux/kconfig.h>

#undef HZ
#define HZ	CONFIG_HZ
#define USER_HZ 100
#ifndef EXEC_PAGESIZE
#define EXEC_PAGESIZE 4096
#endif
#ifndef MAXHOSTNAMELEN
#define MAXHOSTNAMELEN 64
#endif
