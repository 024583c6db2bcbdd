/*
 * The user-space name of linux/types.h.
 */
#pragma once

#include <linux/types.h>
