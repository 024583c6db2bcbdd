/*
 * The light form of linux/once.h.
 */
#pragma once

#include <linux/once.h>
