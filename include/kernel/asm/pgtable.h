/*
 * The address ranges of the kernel; see asm/page.h. Page tables are not modelled.
 */
#pragma once

#include <linux/mm_types.h>
#include <asm/page.h>
