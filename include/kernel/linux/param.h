/*
 * The tick rate under its user-space header name.
 */
#pragma once

#include <asm/param.h>
