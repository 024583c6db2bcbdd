/* Busy-waiting; see linux/delay.h. */
#pragma once

#include <linux/delay.h>
