/*
 * The architecture's name for asm-generic/siginfo.h.
 */
#pragma once

#include <asm-generic/siginfo.h>
