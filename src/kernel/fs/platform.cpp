// The platform bus: devices that a module makes itself, matched with drivers by name.
#include <algorithm>
#include <cstring>

#include "kernel/fs/device.hpp"
#include "kernel/fs/module_call.hpp"
#include "kernel/fs/objects.hpp"
#include "kernel/fs/sysfs.hpp"
#include "kernel/fs/vfs.hpp"
#include "kernel/module_access.hpp"

#include <linux/device.h>
#include <linux/err.h>
#include <linux/ioport.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

namespace kloom::kernel {

namespace {

const struct platform_device_id* match_id(const struct platform_device_id* table,
                                          const char* name) {
    for (; table != nullptr && table->name[0] != '\0'; ++table)
        if (std::strcmp(table->name, name) == 0) return table;
    return nullptr;
}

int match(struct device* dev, struct device_driver* drv) {
    struct platform_device* device = to_platform_device(dev);
    const struct platform_driver* driver = to_platform_driver(drv);
    if (device->driver_override != nullptr)
        return std::strcmp(device->driver_override, drv->name) == 0;
    if (driver->id_table != nullptr) {
        device->id_entry = match_id(driver->id_table, device->name);
        return device->id_entry != nullptr;
    }
    return std::strcmp(device->name, drv->name) == 0;
}

int probe(struct device* dev) {
    const struct platform_driver* driver = to_platform_driver(dev->driver);
    return driver->probe != nullptr
               ? call_operation("probe", driver->probe, to_platform_device(dev))
               : 0;
}

void remove(struct device* dev) {
    const struct platform_driver* driver = to_platform_driver(dev->driver);
    if (driver->remove_new != nullptr)
        call_operation("remove", driver->remove_new, to_platform_device(dev));
    else if (driver->remove != nullptr)
        call_operation("remove", driver->remove, to_platform_device(dev));
}

// A device from platform_device_alloc(), with the name behind it.
struct AllocatedDevice {
    struct platform_device device;
    char name[64];
};

void release_allocated(struct device* dev) {
    struct platform_device* device = to_platform_device(dev);
    if (device->resource != nullptr) take_back(device->resource);
    if (device->dev.platform_data != nullptr) take_back(device->dev.platform_data);
    take_back(container_of(device, AllocatedDevice, device));
}

struct bus_type g_initial_bus;
struct device g_initial_device;
struct kset g_bus_set;
struct kset g_initial_set;

bool is_wanted(const struct resource& resource, unsigned type) {
    return (resource.flags & 0x1f00) == type;
}

}  // namespace

void add_builtin_devices(NodeTree& tree) {
    Node& bus_node = tree.add_builtin("/sys/bus/platform", NodeKind::Directory, 0755);
    Node& device_node = tree.add_builtin("/sys/devices/platform", NodeKind::Directory, 0755);
    g_initial_set.kobj.name = "platform";
    g_initial_set.kobj.sd = reinterpret_cast<struct kernfs_node*>(&bus_node);
    g_initial_set.kobj.state_initialized = g_initial_set.kobj.state_in_sysfs = 1;
    kref_init(&g_initial_set.kobj.kref);
    bus_node.owner = &g_bus_set.kobj;

    g_initial_bus.name = "platform";
    g_initial_bus.match = match;
    g_initial_bus.probe = probe;
    g_initial_bus.remove = remove;
    g_initial_bus.kloom_set = &g_bus_set;

    g_initial_device.kobj.name = "platform";
    g_initial_device.kobj.sd = reinterpret_cast<struct kernfs_node*>(&device_node);
    g_initial_device.kobj.state_initialized = g_initial_device.kobj.state_in_sysfs = 1;
    kref_init(&g_initial_device.kobj.kref);
    device_node.owner = &platform_bus.kobj;
}

void reset_builtin_devices() {
    std::memcpy(static_cast<void*>(&platform_bus_type), &g_initial_bus, sizeof g_initial_bus);
    std::memcpy(static_cast<void*>(&platform_bus), &g_initial_device, sizeof g_initial_device);
    std::memcpy(static_cast<void*>(&g_bus_set), &g_initial_set, sizeof g_initial_set);
    INIT_LIST_HEAD(&g_bus_set.list);
    INIT_LIST_HEAD(&platform_bus.devres_head);
}

}  // namespace kloom::kernel

using namespace kloom::kernel;

extern "C" {

struct bus_type platform_bus_type;
struct device platform_bus;

int platform_device_add(struct platform_device* pdev) {
    KLOOM_API();
    note_object(pdev, sizeof *pdev, "platform_device_add");
    if (pdev->dev.parent == nullptr) pdev->dev.parent = &platform_bus;
    pdev->dev.bus = &platform_bus_type;
    if (pdev->id == PLATFORM_DEVID_NONE)
        dev_set_name(&pdev->dev, "%s", pdev->name);
    else if (pdev->id == PLATFORM_DEVID_AUTO)
        dev_set_name(&pdev->dev, "%s.%d.auto", pdev->name, 0);
    else
        dev_set_name(&pdev->dev, "%s.%d", pdev->name, pdev->id);
    return device_add(&pdev->dev);
}

int platform_device_register(struct platform_device* pdev) {
    KLOOM_API();
    device_initialize(&pdev->dev);
    return platform_device_add(pdev);
}

void platform_device_del(struct platform_device* pdev) {
    KLOOM_API();
    if (!IS_ERR_OR_NULL(pdev)) device_del(&pdev->dev);
}

void platform_device_put(struct platform_device* pdev) {
    KLOOM_API();
    if (!IS_ERR_OR_NULL(pdev)) put_device(&pdev->dev);
}

void platform_device_unregister(struct platform_device* pdev) {
    KLOOM_API();
    platform_device_del(pdev);
    platform_device_put(pdev);
}

struct platform_device* platform_device_alloc(const char* name, int id) {
    KLOOM_API();
    const size_t length = module_strnlen(name, sizeof(AllocatedDevice::name) - 1);
    auto* allocated = lend_object<AllocatedDevice>("platform_device_alloc");
    std::memcpy(allocated->name, name, length);
    allocated->device.name = allocated->name;
    allocated->device.id = id;
    device_initialize(&allocated->device.dev);
    allocated->device.dev.release = release_allocated;
    return &allocated->device;
}

int platform_device_add_resources(struct platform_device* pdev, const struct resource* res,
                                  unsigned num) {
    KLOOM_API();
    if (res != nullptr && num > 0) {
        note_read(res, sizeof *res * num);
        pdev->resource =
            static_cast<struct resource*>(lend(sizeof *res * num, "platform_device_add_resources"));
        std::memcpy(static_cast<void*>(pdev->resource), res, sizeof *res * num);
    }
    pdev->num_resources = num;
    return 0;
}

int platform_device_add_data(struct platform_device* pdev, const void* data, size_t size) {
    KLOOM_API();
    if (data == nullptr) return 0;
    note_read(data, size);
    pdev->dev.platform_data = lend(size, "platform_device_add_data");
    std::memcpy(pdev->dev.platform_data, data, size);
    return 0;
}

struct platform_device* kloom_platform_device_register(const char* name, int id,
                                                       const struct resource* res, unsigned num,
                                                       const void* data, size_t size) {
    KLOOM_API();
    struct platform_device* device = platform_device_alloc(name, id);
    platform_device_add_resources(device, res, num);
    platform_device_add_data(device, data, size);
    const int error = platform_device_add(device);
    if (error == 0) return device;
    platform_device_put(device);
    return static_cast<struct platform_device*>(ERR_PTR(error));
}

int __platform_driver_register(struct platform_driver* drv, struct module* owner) {
    KLOOM_API();
    note_object(drv, sizeof *drv, "platform_driver_register");
    drv->driver.owner = owner;
    drv->driver.bus = &platform_bus_type;
    return driver_register(&drv->driver);
}

void platform_driver_unregister(struct platform_driver* drv) {
    KLOOM_API();
    driver_unregister(&drv->driver);
}

struct resource* platform_get_resource(struct platform_device* pdev, unsigned type, unsigned num) {
    KLOOM_API();
    note_object(pdev, sizeof *pdev, "platform_get_resource");
    for (unsigned index = 0; index < pdev->num_resources; ++index)
        if (is_wanted(pdev->resource[index], type) && num-- == 0) return &pdev->resource[index];
    return nullptr;
}

struct resource* platform_get_resource_byname(struct platform_device* pdev, unsigned type,
                                              const char* name) {
    KLOOM_API();
    note_object(pdev, sizeof *pdev, "platform_get_resource_byname");
    for (unsigned index = 0; index < pdev->num_resources; ++index) {
        struct resource& resource = pdev->resource[index];
        if (is_wanted(resource, type) && resource.name != nullptr &&
            std::strcmp(resource.name, name) == 0)
            return &resource;
    }
    return nullptr;
}

int platform_get_irq_optional(struct platform_device* pdev, unsigned num) {
    KLOOM_API();
    const struct resource* resource = platform_get_resource(pdev, IORESOURCE_IRQ, num);
    return resource != nullptr ? static_cast<int>(resource->start) : -ENXIO;
}

int platform_get_irq(struct platform_device* pdev, unsigned num) {
    KLOOM_API();
    const int irq = platform_get_irq_optional(pdev, num);
    if (irq < 0) _dev_printk("\0013", &pdev->dev, "IRQ index %u not found\n", num);
    return irq;
}

int platform_get_irq_byname(struct platform_device* pdev, const char* name) {
    KLOOM_API();
    const struct resource* resource = platform_get_resource_byname(pdev, IORESOURCE_IRQ, name);
    return resource != nullptr ? static_cast<int>(resource->start) : -ENXIO;
}

}  // extern "C"
