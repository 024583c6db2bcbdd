/*
 * Variable arguments, from the compiler.
 */
#pragma once

#include <stdarg.h>
