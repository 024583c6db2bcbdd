/* local_t; see asm/local.h. */
#pragma once

#include <asm/local.h>
