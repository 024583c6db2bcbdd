/*
 * The user-space name of linux/capability.h.
 */
#pragma once

#include <linux/capability.h>
