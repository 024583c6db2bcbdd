#include "kernel/fs/vfs.hpp"

#include <algorithm>

#include "kernel/fs/sysfs.hpp"

#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/kdev_t.h>

// The first byte of this program and the one behind its last; made by the linker.
extern "C" const char __executable_start;
extern "C" const char _end;

namespace kloom::kernel {

namespace {

// What an entry is, for the report of what was left behind; null: it is reported elsewhere, or is
// nothing to report.
const char* kind_of(const Node& node, const char* path) {
    const std::string_view where = path;
    if (where.starts_with("/proc/")) return "proc entry";
    if (where.starts_with("/sys/kernel/debug/")) return "debugfs entry";
    if (where.starts_with("/sys/class/") || where.starts_with("/sys/devices/") ||
        where.starts_with("/sys/bus/"))
        return nullptr;
    return where.starts_with("/sys/") ? (node.is_directory() ? "kobject" : "sysfs file") : nullptr;
}

}  // namespace

VfsService::VfsService(machine::Machine& machine) : user_memory_(machine) {
    // Operations, types, attributes and kobjects of the machine itself lie in the program: memory
    // of the kernel.
    machine.memory().add_region(trace::Region::Kernel,
                                reinterpret_cast<uintptr_t>(&__executable_start),
                                reinterpret_cast<uintptr_t>(&_end));
    tree_.add_builtin("/proc", NodeKind::Directory, 0555);
    tree_.add_builtin("/dev", NodeKind::Directory, 0755);
    tree_.add_builtin("/tmp", NodeKind::Directory, 01777);
    tree_.add_builtin("/sys/kernel/debug", NodeKind::Directory, 0700);
    tree_.add_builtin("/sys/class/misc", NodeKind::Directory, 0755);
    add_builtin_kobjects(tree_);
    add_builtin_devices(tree_);
    add_system_files(tree_);
    tree_.reset();
}

void VfsService::begin_execution() {
    files_.reset();
    tree_.reset();
    user_memory_.begin_execution();
    char_devices_.reset();
    devices_.reset();
    reset_builtin_kobjects();
    reset_builtin_devices();
}

Node* VfsService::find(const char* path) {
    Node* node = tree_.find(path);
    constexpr std::string_view kDevices = "/dev/";
    if (node != nullptr || !std::string_view(path).starts_with(kDevices)) return node;
    const DeviceRegion* region = char_devices_.region_named(path + kDevices.size());
    if (region == nullptr || make_device_node(path, MKDEV(region->major, region->minor)) != 0)
        return nullptr;
    return tree_.find(path);
}

int VfsService::make_device_node(const char* path, uint32_t device) {
    std::string_view name;
    Node* parent = tree_.find_parent(path, name);
    if (parent == nullptr) {
        // devtmpfs makes the directories of a name such as "input/event0".
        const std::string_view whole = path;
        Node* directory = tree_.find_parent(whole.substr(0, whole.rfind('/')), name);
        if (directory == nullptr) return -ENOENT;
        parent = tree_.add(*directory, name, NodeKind::Directory, 0755);
        name = whole.substr(whole.rfind('/') + 1);
    }
    if (parent == nullptr || parent->child(name) != nullptr) return -EEXIST;
    Node* node = tree_.add(*parent, name, NodeKind::CharDevice, 0600);
    if (node == nullptr) return -ENOSPC;
    node->device = device;
    return 0;
}

void VfsService::report_leftovers(const ModuleImage& module) {
    devices_.report_leftovers(module);
    char_devices_.report_leftovers(module);
    char path[kPathText];
    for (size_t index = tree_.builtin_count(); index < tree_.size(); ++index) {
        const Node& node = tree_.at(index);
        if (node.is_removed || !node.parent->is_builtin) continue;
        const char* kind = kind_of(node, path_text(node, path));
        if (kind != nullptr) emit_leftover(kind, path, node.object);
    }
    for (const OpenFile& open : files_.all()) {
        const auto operations = reinterpret_cast<uintptr_t>(open.file->f_op);
        if (module.contains(operations))
            emit_leftover("open file", path_text(*open.node, path), open.file);
    }
}

}  // namespace kloom::kernel
