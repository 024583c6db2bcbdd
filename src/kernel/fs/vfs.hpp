// VfsService: the file system of the machine, and all that is registered to appear in it.
#pragma once

#include "kernel/fs/chrdev.hpp"
#include "kernel/fs/device.hpp"
#include "kernel/fs/files.hpp"
#include "kernel/fs/node.hpp"
#include "kernel/fs/user_memory.hpp"
#include "kernel/kernel.hpp"

namespace kloom::kernel {

class VfsService final : public Service {
  public:
    explicit VfsService(machine::Machine& machine);

    void begin_execution() override;
    void report_leftovers(const ModuleImage& module) override;

    NodeTree& tree() { return tree_; }
    FileTable& files() { return files_; }
    UserMemory& user_memory() { return user_memory_; }
    CharDevices& char_devices() { return char_devices_; }
    DeviceModel& devices() { return devices_; }

    // The node of `path`, for those who open it. A device number that was registered without a node
    // gets one under /dev when it is asked for by its name, as udev or a mknod by hand would have
    // made it.
    Node* find(const char* path);
    // mknod(2) for a character device: 0 or a negative error number.
    int make_device_node(const char* path, uint32_t device);

    // /sys/module/NAME with the parameters, while the module is loaded.
    void add_module_files();
    void remove_module_files();

  private:
    NodeTree tree_;
    FileTable files_;
    UserMemory user_memory_;
    CharDevices char_devices_;
    DeviceModel devices_;
};

// Fills the tree with the machine's own files: /proc/cpuinfo, /dev/null and so on.
void add_system_files(NodeTree& tree);

}  // namespace kloom::kernel
