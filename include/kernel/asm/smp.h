/*
 * The architecture's part of linux/smp.h.
 */
#pragma once

#include <linux/smp.h>
