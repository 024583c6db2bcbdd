/*
 * The architecture's name for linux/bug.h.
 */
#pragma once

#include <linux/bug.h>
