/*
 * The number of elements of an array.
 */
#pragma once

#include <linux/compiler.h>

#define ARRAY_SIZE(arr) (sizeof(arr) / sizeof((arr)[0]))
