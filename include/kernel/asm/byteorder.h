/*
 * The architecture's name for the byte order, which is little-endian.
 */
#pragma once

#include <linux/byteorder/generic.h>
