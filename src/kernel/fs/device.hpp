// The device model: which devices, classes, buses and drivers are registered, in the order in which
// that happened.
//
// The objects themselves are the module's or lent to it; this is what lets the kernel find a device
// by its class and number, bind drivers to devices, and say at unload what was left behind.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

extern "C" {
struct bus_type;
struct device;
struct device_driver;
struct kloom_class;
struct miscdevice;
}

namespace kloom::kernel {

class NodeTree;
struct ModuleImage;

class DeviceModel {
  public:
    // The device of a misc_register(); an ERR_PTR when that fails.
    struct device* create_misc_device(struct miscdevice& misc);

    std::vector<struct device*> devices;
    std::vector<struct kloom_class*> classes;
    std::vector<struct bus_type*> buses;
    std::vector<struct device_driver*> drivers;

    void report_leftovers(const ModuleImage& module) const;
    void reset();
};

// Platform bus and class "misc", which the machine has from the start.
void add_builtin_devices(NodeTree& tree);
void reset_builtin_devices();

// Runs the release functions of the resources that devm_* attached to `device`, last in first out.
void release_all_resources(struct device& device);

// Binds the device to the first driver of its bus that takes it, or the driver to the devices that
// wait for it.
void probe_device(struct device& device);
void probe_driver(struct device_driver& driver);
void unbind(struct device& device);

}  // namespace kloom::kernel
