/*
 * Command numbers of ioctl: direction, size of the argument, type of the driver, number.
 */
#pragma once

#include <asm-generic/ioctl.h>
