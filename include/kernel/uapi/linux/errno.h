/*
 * The user-space name of linux/errno.h.
 */
#pragma once

#include <linux/errno.h>
