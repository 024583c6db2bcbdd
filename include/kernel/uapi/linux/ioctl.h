/*
 * The user-space name of linux/ioctl.h.
 */
#pragma once

#include <linux/ioctl.h>
