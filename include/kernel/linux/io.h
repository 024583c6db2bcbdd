/* Access to devices; see asm/io.h. */
#pragma once

#include <linux/types.h>
#include <asm/io.h>
