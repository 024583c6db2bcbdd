// Directories and files of /sys: the tree's view of kobjects and their attributes.
#pragma once

#include <cstdint>

#include "kernel/fs/node.hpp"

extern "C" {
struct attribute;
struct kobject;
}

namespace kloom::kernel {

// The directory of a kobject; null when it has none (not added, or removed already).
Node* directory_of(const struct kobject* kobj);
// Makes the directory of `kobj` in that of its parent, with the attributes of its type: 0 or a
// negative error number.
int create_directory(struct kobject* kobj);
void remove_directory(struct kobject* kobj);
// The kobjects that the machine itself has: kernel_kobj and so on, with directories that exist from
// the start.
extern struct kobject* devices_kobject;
extern struct kobject* virtual_kobject;
extern struct kobject* class_kobject;
extern struct kobject* bus_kobject;
void add_builtin_kobjects(NodeTree& tree);
void reset_builtin_kobjects();

// Takes a node and what is below it away and waits until no function of the module runs on its
// behalf.
void remove_and_wait(Node& node, const char* function);

}  // namespace kloom::kernel
