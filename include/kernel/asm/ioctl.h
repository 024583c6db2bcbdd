/*
 * The architecture's name for asm-generic/ioctl.h.
 */
#pragma once

#include <asm-generic/ioctl.h>
