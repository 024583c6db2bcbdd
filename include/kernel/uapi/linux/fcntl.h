/*
 * The user-space name of linux/fcntl.h.
 */
#pragma once

#include <linux/fcntl.h>
