/*
 * The user-space name of linux/stat.h.
 */
#pragma once

#include <linux/stat.h>
