/* Cycles as a source of entropy; see asm/tsc.h. */
#pragma once

#include <asm/tsc.h>

#define random_get_entropy() ((unsigned long)rdtsc())
