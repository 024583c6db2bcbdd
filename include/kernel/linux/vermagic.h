/*
 * The string that a module and its kernel must agree upon.
 */
#pragma once

#include <generated/utsrelease.h>

#define MODULE_VERMAGIC_SMP	      "SMP "
#define MODULE_VERMAGIC_PREEMPT	      "preempt "
#define MODULE_VERMAGIC_MODULE_UNLOAD "mod_unload "
#define MODULE_VERMAGIC_MODVERSIONS   "modversions "
#define VERMAGIC_STRING                                                                            \
	UTS_RELEASE " " MODULE_VERMAGIC_SMP MODULE_VERMAGIC_PREEMPT MODULE_VERMAGIC_MODULE_UNLOAD  \
		MODULE_VERMAGIC_MODVERSIONS
