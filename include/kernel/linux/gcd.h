/*
 * The greatest common divisor.
 */
#pragma once

#include <linux/compiler.h>

static inline unsigned long gcd(unsigned long a, unsigned long b)
{
	while (b) {
		unsigned long rest = a % b;

		a = b;
		b = rest;
	}
	return a;
}
