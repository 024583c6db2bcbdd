/* The interrupt flag; see linux/irqflags.h. */
#pragma once

#include <linux/irqflags.h>
