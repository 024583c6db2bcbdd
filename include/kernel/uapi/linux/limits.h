/*
 * The user-space name of linux/limits.h.
 */
#pragma once

#include <linux/limits.h>
