/*
 * The scheduler's part in CPU hotplug: nothing that modules under test reach, but a header that they include.
 */
#pragma once

#include <linux/sched.h>
