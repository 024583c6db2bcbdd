/*
 * Flags of open files, and the directory that names are relative to.
 */
#pragma once

#include <asm-generic/fcntl.h>
#include <linux/stat.h>

#ifndef AT_FDCWD
#define AT_FDCWD	    -100
#define AT_SYMLINK_NOFOLLOW 0x100
#define AT_EMPTY_PATH	    0x1000
#endif
#define force_o_largefile() 1
