/*
 * References to open files; see linux/fs.h.
 */
#pragma once

#include <linux/compiler.h>
#include <linux/fs.h>
