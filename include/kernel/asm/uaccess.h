/*
 * The old place of linux/uaccess.h.
 */
#pragma once

#include <linux/uaccess.h>
