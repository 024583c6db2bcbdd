/*
 * The version of Linux that a module is compiled for: 6.1 unless the command line of kloom asks
 * for 5.0.
 */
#pragma once

#ifndef KLOOM_LINUX_VERSION
#define KLOOM_LINUX_VERSION 0x060100
#endif

#define KERNEL_VERSION(a, b, c)	 (((a) << 16) + ((b) << 8) + ((c) > 255 ? 255 : (c)))
#define LINUX_VERSION_CODE	 KLOOM_LINUX_VERSION
#define LINUX_VERSION_MAJOR	 (LINUX_VERSION_CODE >> 16)
#define LINUX_VERSION_PATCHLEVEL ((LINUX_VERSION_CODE >> 8) & 0xff)
#define LINUX_VERSION_SUBLEVEL	 (LINUX_VERSION_CODE & 0xff)
