/* The release string of the machine's kernel, as `uname -r` prints it. */
#pragma once

#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 0, 0)
#define UTS_RELEASE "5.0.0-kloom"
#else
#define UTS_RELEASE "6.1.0-kloom"
#endif
