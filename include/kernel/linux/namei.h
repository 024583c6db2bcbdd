/*
 * From a path name to a place in the tree of files.
 */
#pragma once

#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/path.h>

#define LOOKUP_FOLLOW 0x0001
#define LOOKUP_DIRECTORY 0x0002

KLOOM_BEGIN_DECLS
/* Finds `name`; 0 or -ENOENT. The caller ends its use of the place with path_put(). Context: task, may sleep. */
extern int kern_path(const char *name, unsigned int flags, struct path *path);
extern void path_get(const struct path *path);
extern void path_put(const struct path *path);
KLOOM_END_DECLS
