/*
 * The architecture's name for linux/atomic.h.
 */
#pragma once

#include <linux/atomic.h>
