/* The newer name of asm/unaligned.h. */
#pragma once

#include <asm/unaligned.h>
