/*
 * What si_meminfo() and sysinfo(2) tell.
 */
#pragma once

#include <linux/types.h>

#define SI_LOAD_SHIFT 16

struct sysinfo {
	long uptime; /* seconds */
	unsigned long loads[3];
	unsigned long totalram; /* in units of mem_unit bytes, as the following */
	unsigned long freeram;
	unsigned long sharedram;
	unsigned long bufferram;
	unsigned long totalswap;
	unsigned long freeswap;
	u16 procs;
	u16 pad;
	unsigned long totalhigh;
	unsigned long freehigh;
	u32 mem_unit;
};
