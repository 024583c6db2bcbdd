/*
 * Factors of the units of measurement.
 */
#pragma once

#include <linux/bits.h>
#include <linux/math.h>

#define NANO		   1000000000ULL
#define MICRO		   1000000UL
#define MILLI		   1000UL
#define CENTI		   100UL
#define DECI		   10UL
#define KILO		   1000UL
#define MEGA		   1000000UL
#define GIGA		   1000000000UL
#define TERA		   1000000000000ULL
#define HZ_PER_KHZ	   1000UL
#define KHZ_PER_MHZ	   1000UL
#define HZ_PER_MHZ	   1000000UL
#define MILLIWATT_PER_WATT 1000UL
#define MICROWATT_PER_WATT 1000000UL
#define BYTES_PER_KBIT	   (KILO / BITS_PER_BYTE)
