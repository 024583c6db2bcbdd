/*
 * The generic name for linux/bug.h.
 */
#pragma once

#include <linux/bug.h>
