/*
 * The architecture's name for asm-generic/fcntl.h.
 */
#pragma once

#include <asm-generic/fcntl.h>
