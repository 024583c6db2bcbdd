/*
 * Symbols for other modules. A module is a shared object, so an exported function only has to be
 * visible.
 */
#pragma once

#include <linux/compiler.h>
#include <linux/stringify.h>

#define __EXPORT_SYMBOL_CHECK(sym)                                                                 \
	extern __typeof__(sym) sym __attribute__((__visibility__("default")))
#define EXPORT_SYMBOL(sym)	      __EXPORT_SYMBOL_CHECK(sym)
#define EXPORT_SYMBOL_GPL(sym)	      __EXPORT_SYMBOL_CHECK(sym)
#define EXPORT_SYMBOL_NS(sym, ns)     __EXPORT_SYMBOL_CHECK(sym)
#define EXPORT_SYMBOL_NS_GPL(sym, ns) __EXPORT_SYMBOL_CHECK(sym)

#ifndef KLOOM_IMPLEMENTATION
struct module;
KLOOM_BEGIN_DECLS
extern struct module __this_module __attribute__((__visibility__("protected")));
KLOOM_END_DECLS
#define THIS_MODULE (&__this_module)
#endif
