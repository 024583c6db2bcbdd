/*
 * The resolution of high-resolution timers.
 */
#pragma once

#include <linux/ktime.h>

#define HIGH_RES_NSEC 1
#define KTIME_HIGH_RES (HIGH_RES_NSEC)
#define MONOTONIC_RES_NSEC HIGH_RES_NSEC
#define KTIME_MONOTONIC_RES KTIME_HIGH_RES
