// Buses and drivers: which driver serves which device.
#include <algorithm>
#include <cstring>

#include "kernel/fs/device.hpp"
#include "kernel/fs/module_call.hpp"
#include "kernel/fs/objects.hpp"
#include "kernel/fs/sysfs.hpp"
#include "kernel/fs/vfs.hpp"
#include "kernel/log.hpp"
#include "kernel/module_access.hpp"

#include <linux/device.h>
#include <linux/err.h>

namespace kloom::kernel {

namespace {

DeviceModel& model() {
    return kernel().vfs->devices();
}

ssize_t show_driver_attribute(struct kobject* kobj, struct attribute* attr, char* buf) {
    auto* attribute = container_of(attr, struct driver_attribute, attr);
    auto* driver = container_of(kobj, struct device_driver, kloom_kobj);
    return attribute->show != nullptr ? call_operation("show", attribute->show, driver, buf) : -EIO;
}

ssize_t store_driver_attribute(struct kobject* kobj, struct attribute* attr, const char* buf,
                               size_t count) {
    auto* attribute = container_of(attr, struct driver_attribute, attr);
    auto* driver = container_of(kobj, struct device_driver, kloom_kobj);
    return attribute->store != nullptr
               ? call_operation("store", attribute->store, driver, buf, count)
               : -EIO;
}

struct bus_type* bus_of(struct kobject* kobj) {
    for (struct bus_type* bus : model().buses)
        if (bus->kloom_set != nullptr && &bus->kloom_set->kobj == kobj) return bus;
    return nullptr;
}

ssize_t show_bus_attribute(struct kobject* kobj, struct attribute* attr, char* buf) {
    auto* attribute = container_of(attr, struct bus_attribute, attr);
    return attribute->show != nullptr ? call_operation("show", attribute->show, bus_of(kobj), buf)
                                      : -EIO;
}

ssize_t store_bus_attribute(struct kobject* kobj, struct attribute* attr, const char* buf,
                            size_t count) {
    auto* attribute = container_of(attr, struct bus_attribute, attr);
    return attribute->store != nullptr
               ? call_operation("store", attribute->store, bus_of(kobj), buf, count)
               : -EIO;
}

void release_driver(struct kobject*) {}
void release_bus(struct kobject* kobj) {
    take_back(container_of(kobj, struct kset, kobj));
}

const struct sysfs_ops kDriverAttributeOperations = {.show = show_driver_attribute,
                                                     .store = store_driver_attribute};
const struct sysfs_ops kBusAttributeOperations = {.show = show_bus_attribute,
                                                  .store = store_bus_attribute};
const struct kobj_type kDriverType = {.release = release_driver,
                                      .sysfs_ops = &kDriverAttributeOperations};
const struct kobj_type kBusType = {.release = release_bus, .sysfs_ops = &kBusAttributeOperations};

bool fits(struct device& device, struct device_driver& driver) {
    if (driver.bus != device.bus) return false;
    return device.bus->match == nullptr ||
           call_operation("match", device.bus->match, &device, &driver) > 0;
}

// Calls probe(); true when the driver has taken the device.
bool bind(struct device& device, struct device_driver& driver) {
    device.driver = &driver;
    mutex_lock(&device.mutex);
    int error = 0;
    if (device.bus->probe != nullptr)
        error = call_operation("probe", device.bus->probe, &device);
    else if (driver.probe != nullptr)
        error = call_operation("probe", driver.probe, &device);
    mutex_unlock(&device.mutex);
    if (error == 0) return true;
    if (error != -ENODEV && error != -ENXIO)
        log_message("\0014%s: probe of %s failed with error %d\n", driver.name, dev_name(&device),
                    error);
    release_all_resources(device);
    device.driver = nullptr;
    device.driver_data = nullptr;
    return false;
}

}  // namespace

void probe_device(struct device& device) {
    // Indices: probe() may register further drivers and devices.
    for (size_t index = 0; index < model().drivers.size() && device.driver == nullptr; ++index) {
        struct device_driver* driver = model().drivers[index];
        note_object(driver, sizeof *driver, "device_attach");
        if (fits(device, *driver)) bind(device, *driver);
    }
}

void probe_driver(struct device_driver& driver) {
    for (size_t index = 0; index < model().devices.size(); ++index) {
        struct device* device = model().devices[index];
        note_object(device, sizeof *device, "driver_attach");
        if (device->bus != nullptr && device->driver == nullptr && fits(*device, driver))
            bind(*device, driver);
    }
}

void unbind(struct device& device) {
    struct device_driver* driver = device.driver;
    if (driver == nullptr) return;
    mutex_lock(&device.mutex);
    if (device.bus != nullptr && device.bus->remove != nullptr)
        call_operation("remove", device.bus->remove, &device);
    else if (driver->remove != nullptr)
        call_operation("remove", driver->remove, &device);
    mutex_unlock(&device.mutex);
    release_all_resources(device);
    device.driver = nullptr;
    device.driver_data = nullptr;
}

}  // namespace kloom::kernel

using namespace kloom::kernel;

extern "C" {

int bus_register(struct bus_type* bus) {
    KLOOM_API();
    emit_might_sleep("bus_register", false);
    note_object(bus, sizeof *bus, "bus_register");
    module_strlen(bus->name);
    auto* set = lend_object<struct kset>("bus_register");
    set->kobj.ktype = &kBusType;
    set->kobj.parent = bus_kobject;
    kobject_set_name(&set->kobj, "%s", bus->name);
    bus->kloom_set = set;
    const int error = kset_register(set);
    if (error != 0) {
        bus->kloom_set = nullptr;
        kobject_put(&set->kobj);
        return error;
    }
    model().buses.push_back(bus);
    return sysfs_create_groups(&set->kobj, bus->bus_groups);
}

void bus_unregister(struct bus_type* bus) {
    KLOOM_API();
    note_object(bus, sizeof *bus, "bus_unregister");
    machine().step_global(0);
    std::erase(model().buses, bus);
    kset_unregister(bus->kloom_set);
}

int bus_create_file(struct bus_type* bus, struct bus_attribute* attr) {
    KLOOM_API();
    return bus->kloom_set != nullptr ? sysfs_create_file(&bus->kloom_set->kobj, &attr->attr)
                                     : -EINVAL;
}

void bus_remove_file(struct bus_type* bus, struct bus_attribute* attr) {
    KLOOM_API();
    if (bus->kloom_set != nullptr) sysfs_remove_file(&bus->kloom_set->kobj, &attr->attr);
}

int bus_for_each_dev(struct bus_type* bus, struct device*, void* data,
                     int (*fn)(struct device*, void*)) {
    KLOOM_API();
    for (size_t index = 0; index < model().devices.size(); ++index) {
        struct device* device = model().devices[index];
        const int result =
            device->bus == bus ? call_operation("for each device", fn, device, data) : 0;
        if (result != 0) return result;
    }
    return 0;
}

int driver_register(struct device_driver* drv) {
    KLOOM_API();
    emit_might_sleep("driver_register", false);
    note_object(drv, sizeof *drv, "driver_register");
    if (drv->bus == nullptr || drv->bus->kloom_set == nullptr) {
        log_message(
            "\0013Driver '%s' was unable to register because the bus was not initialized.\n",
            drv->name);
        return -EINVAL;
    }
    for (const struct device_driver* other : model().drivers) {
        if (other->bus != drv->bus || std::strcmp(other->name, drv->name) != 0) continue;
        log_message("\0013Error: Driver '%s' is already registered, aborting...\n", drv->name);
        return -EBUSY;
    }
    const int error = kobject_init_and_add(&drv->kloom_kobj, &kDriverType,
                                           &drv->bus->kloom_set->kobj, "%s", drv->name);
    if (error != 0) return error;
    model().drivers.push_back(drv);
    emit_release(drv);
    probe_driver(*drv);
    return sysfs_create_groups(&drv->kloom_kobj, drv->groups);
}

void driver_unregister(struct device_driver* drv) {
    KLOOM_API();
    emit_might_sleep("driver_unregister", false);
    note_object(drv, sizeof *drv, "driver_unregister");
    machine().step_global(0);
    std::erase(model().drivers, drv);
    for (size_t index = 0; index < model().devices.size(); ++index)
        if (model().devices[index]->driver == drv) unbind(*model().devices[index]);
    kobject_put(&drv->kloom_kobj);
}

int driver_create_file(struct device_driver* driver, const struct driver_attribute* attr) {
    KLOOM_API();
    return sysfs_create_file(&driver->kloom_kobj, &attr->attr);
}

void driver_remove_file(struct device_driver* driver, const struct driver_attribute* attr) {
    KLOOM_API();
    sysfs_remove_file(&driver->kloom_kobj, &attr->attr);
}

int device_attach(struct device* dev) {
    KLOOM_API();
    if (dev->bus != nullptr && dev->driver == nullptr) probe_device(*dev);
    return dev->driver != nullptr ? 1 : 0;
}

void device_release_driver(struct device* dev) {
    KLOOM_API();
    unbind(*dev);
}

}  // extern "C"
