/*
 * The architecture's name for linux/bitops.h.
 */
#pragma once

#include <linux/bitops.h>
