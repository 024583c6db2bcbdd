/* PAGE_SIZE and its kin; see asm/page.h. */
#pragma once

#include <asm/page.h>
