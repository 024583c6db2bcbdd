/* The place where Kbuild generates the version header. */
#pragma once

#include <linux/version.h>
