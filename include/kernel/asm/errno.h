/* The error numbers that user space sees. */
#pragma once

#include <asm-generic/errno.h>
