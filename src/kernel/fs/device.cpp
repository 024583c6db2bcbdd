// Devices and classes: registration, the hierarchy of their kobjects, nodes in /dev.
#include "kernel/fs/device.hpp"

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <cstring>

#include "kernel/fs/files.hpp"
#include "kernel/fs/module_call.hpp"
#include "kernel/fs/objects.hpp"
#include "kernel/fs/sysfs.hpp"
#include "kernel/fs/vfs.hpp"
#include "kernel/log.hpp"
#include "kernel/module_access.hpp"

#include <linux/device.h>
#include <linux/err.h>
#include <linux/miscdevice.h>
#include <linux/slab.h>
#include <linux/sprintf.h>

namespace kloom::kernel {

namespace {

constexpr size_t kNameMax = 128;

// The class of misc devices; the machine's own.
struct kloom_class g_misc_class = {.name = "misc"};

DeviceModel& model() {
    return kernel().vfs->devices();
}

// ---- attributes of devices and classes ----------------------------------------------------------

ssize_t show_device_attribute(struct kobject* kobj, struct attribute* attr, char* buf) {
    auto* attribute = container_of(attr, struct device_attribute, attr);
    return attribute->show != nullptr
               ? call_operation("show", attribute->show, kobj_to_dev(kobj), attribute, buf)
               : -EIO;
}

ssize_t store_device_attribute(struct kobject* kobj, struct attribute* attr, const char* buf,
                               size_t count) {
    auto* attribute = container_of(attr, struct device_attribute, attr);
    return attribute->store != nullptr
               ? call_operation("store", attribute->store, kobj_to_dev(kobj), attribute, buf, count)
               : -EIO;
}

struct kloom_class* class_of(struct kobject* kobj) {
    for (struct kloom_class* cls : model().classes)
        if (cls->kloom_set != nullptr && &cls->kloom_set->kobj == kobj) return cls;
    return nullptr;
}

ssize_t show_class_attribute(struct kobject* kobj, struct attribute* attr, char* buf) {
    auto* attribute = container_of(attr, struct class_attribute, attr);
    return attribute->show != nullptr
               ? call_operation("show", attribute->show, class_of(kobj), attribute, buf)
               : -EIO;
}

ssize_t store_class_attribute(struct kobject* kobj, struct attribute* attr, const char* buf,
                              size_t count) {
    auto* attribute = container_of(attr, struct class_attribute, attr);
    return attribute->store != nullptr
               ? call_operation("store", attribute->store, class_of(kobj), attribute, buf, count)
               : -EIO;
}

ssize_t show_device_number(struct device* dev, struct device_attribute*, char* buf) {
    return std::snprintf(buf, 32, "%u:%u\n", MAJOR(dev->devt), MINOR(dev->devt));
}

const struct sysfs_ops kDeviceAttributeOperations = {.show = show_device_attribute,
                                                     .store = store_device_attribute};
const struct sysfs_ops kClassAttributeOperations = {.show = show_class_attribute,
                                                    .store = store_class_attribute};
struct device_attribute g_number_attribute = {.attr = {.name = "dev", .mode = 0444},
                                              .show = show_device_number};

// ---- the life of a device -----------------------------------------------------------------------

void release_device(struct kobject* kobj) {
    struct device* device = kobj_to_dev(kobj);
    release_all_resources(*device);
    if (device->release != nullptr) {
        call_operation("release", device->release, device);
    } else if (device->type != nullptr && device->type->release != nullptr) {
        call_operation("release", device->type->release, device);
    } else if (device->class_ != nullptr && device->class_->dev_release != nullptr) {
        call_operation("release", device->class_->dev_release, device);
    } else {
        WARN(1,
             "Device '%s' does not have a release() function, it is broken and must be fixed. See "
             "Documentation/core-api/kobject.rst.\n",
             dev_name(device));
    }
}

void release_created_device(struct device* device) {
    take_back(device);
}

void release_class(struct kobject* kobj) {
    take_back(container_of(kobj, struct kset, kobj));
}

const struct kobj_type kDeviceType = {.release = release_device,
                                      .sysfs_ops = &kDeviceAttributeOperations};
const struct kobj_type kClassType = {.release = release_class,
                                     .sysfs_ops = &kClassAttributeOperations};

// Where the directory of a device belongs, with a reference: below its parent, through a directory
// with the name of its class unless parent and device are of the same class; without a parent in
// /sys/devices/virtual.
struct kobject* take_parent_kobject(struct device& device) {
    struct kobject* parent = device.parent != nullptr ? &device.parent->kobj : nullptr;
    if (device.class_ == nullptr)
        return kobject_get(parent != nullptr       ? parent
                           : device.bus != nullptr ? parent
                                                   : devices_kobject);
    if (parent == nullptr)
        parent = virtual_kobject;
    else if (device.parent->class_ != nullptr)
        return kobject_get(parent);
    const Node* directory = directory_of(parent);
    const Node* glue = directory != nullptr ? directory->child(device.class_->name) : nullptr;
    if (glue != nullptr) return kobject_get(static_cast<struct kobject*>(glue->owner));
    return kobject_create_and_add(device.class_->name, parent);
}

struct NodeName {
    char text[kNameMax];
    umode_t mode;
};

// The name of the device's node in /dev and its mode, which its type or class may choose.
NodeName node_name(struct device& device) {
    NodeName name = {{}, 0};
    char* chosen = nullptr;
    kuid_t uid = {};
    kgid_t gid = {};
    if (device.type != nullptr && device.type->devnode != nullptr)
        chosen = call_operation("devnode", device.type->devnode, &device, &name.mode, &uid, &gid);
    else if (device.class_ != nullptr && device.class_->devnode != nullptr)
        chosen = call_operation("devnode", device.class_->devnode, &device, &name.mode);
    std::snprintf(name.text, sizeof name.text, "/dev/%s",
                  chosen != nullptr ? chosen : dev_name(&device));
    for (char* c = name.text; *c != '\0'; ++c)
        if (*c == '!') *c = '/';
    if (chosen != nullptr) kfree(chosen);
    if (name.mode == 0) name.mode = 0600;
    return name;
}

void add_node(struct device& device) {
    if (MAJOR(device.devt) == 0) return;
    const NodeName name = node_name(device);
    if (kernel().vfs->make_device_node(name.text, device.devt) != 0) return;
    kernel().vfs->tree().find(name.text)->mode = name.mode;
}

void remove_node(const struct device& device) {
    if (MAJOR(device.devt) == 0) return;
    NodeTree& tree = kernel().vfs->tree();
    for (size_t index = tree.builtin_count(); index < tree.size(); ++index) {
        Node& node = tree.at(index);
        if (node.kind == NodeKind::CharDevice && node.device == device.devt && !node.is_removed)
            tree.remove(node);
    }
}

// The link in /sys/class that leads to the device.
void link_to_class(const struct device& device, bool is_added) {
    if (device.class_ == nullptr || device.class_->kloom_set == nullptr) return;
    if (is_added)
        sysfs_create_link(&device.class_->kloom_set->kobj,
                          const_cast<struct kobject*>(&device.kobj), dev_name(&device));
    else
        sysfs_remove_link(&device.class_->kloom_set->kobj, dev_name(&device));
}

int add_attributes(struct device& device) {
    int error = 0;
    if (device.class_ != nullptr)
        error = sysfs_create_groups(&device.kobj, device.class_->dev_groups);
    if (error == 0 && device.type != nullptr)
        error = sysfs_create_groups(&device.kobj, device.type->groups);
    if (error == 0) error = sysfs_create_groups(&device.kobj, device.groups);
    if (error == 0 && MAJOR(device.devt) != 0)
        error = device_create_file(&device, &g_number_attribute);
    return error;
}

struct DeviceSpec {
    struct kloom_class* cls;
    struct device* parent;
    dev_t devt;
    void* drvdata;
    const struct attribute_group** groups;
};

struct device* create_device(const DeviceSpec& spec, const char* format, va_list arguments) {
    if (IS_ERR_OR_NULL(spec.cls)) return static_cast<struct device*>(ERR_PTR(-ENODEV));
    note_object(spec.cls, sizeof *spec.cls, "device_create");
    auto* device = lend_object<struct device>("device_create");
    device_initialize(device);
    device->devt = spec.devt;
    device->class_ = spec.cls;
    device->parent = spec.parent;
    device->groups = spec.groups;
    device->release = release_created_device;
    device->driver_data = spec.drvdata;
    kobject_set_name_vargs(&device->kobj, format, arguments);
    const int error = device_add(device);
    if (error == 0) return device;
    put_device(device);
    return static_cast<struct device*>(ERR_PTR(error));
}

struct device* find_device(const struct kloom_class* cls, dev_t devt) {
    for (struct device* device : model().devices) {
        note_object(device, sizeof *device, "class_find_device");
        if (device->class_ == cls && device->devt == devt) return device;
    }
    return nullptr;
}

}  // namespace

struct device* DeviceModel::create_misc_device(struct miscdevice& misc) {
    return device_create_with_groups(&g_misc_class, misc.parent,
                                     MKDEV(MISC_MAJOR, static_cast<unsigned>(misc.minor)), &misc,
                                     misc.groups, "%s", misc.name);
}

void DeviceModel::report_leftovers(const ModuleImage&) const {
    for (struct device* device : devices)
        if (device->class_ != &g_misc_class) emit_leftover("device", device->kobj.name, device);
    for (struct kloom_class* cls : classes) emit_leftover("class", "class", cls);
    for (struct device_driver* driver : drivers) emit_leftover("driver", "driver", driver);
    for (struct bus_type* bus : buses) emit_leftover("bus", "bus", bus);
}

void DeviceModel::reset() {
    devices.clear();
    classes.clear();
    buses.clear();
    drivers.clear();
}

}  // namespace kloom::kernel

using namespace kloom::kernel;

extern "C" {

// ---- classes ------------------------------------------------------------------------------------

int kloom_class_register(struct kloom_class* cls) {
    KLOOM_API();
    emit_might_sleep("class_register", false);
    note_object(cls, sizeof *cls, "class_register");
    module_strlen(cls->name);
    auto* set = lend_object<struct kset>("class_register");
    set->kobj.ktype = &kClassType;
    set->kobj.parent = class_kobject;
    kobject_set_name(&set->kobj, "%s", cls->name);
    cls->kloom_set = set;
    const int error = kset_register(set);
    if (error != 0) {
        cls->kloom_set = nullptr;
        kobject_put(&set->kobj);
        return error;
    }
    model().classes.push_back(cls);
    const int groups = sysfs_create_groups(&set->kobj, cls->class_groups);
    emit_release(cls);
    return groups;
}

struct kloom_class* kloom_class_create(struct module* owner, const char* name) {
    KLOOM_API();
    module_strlen(name);
    auto* cls = lend_object<struct kloom_class>("class_create");
    cls->name = name;
    cls->owner = owner;
    const int error = kloom_class_register(cls);
    if (error == 0) return cls;
    take_back(cls);
    return static_cast<struct kloom_class*>(ERR_PTR(error));
}

void class_unregister(struct kloom_class* cls) {
    KLOOM_API();
    emit_might_sleep("class_unregister", false);
    note_object(cls, sizeof *cls, "class_unregister");
    machine().step_global(0);
    std::erase(model().classes, cls);
    kset_unregister(cls->kloom_set);
}

void class_destroy(struct kloom_class* cls) {
    KLOOM_API();
    if (IS_ERR_OR_NULL(cls)) return;
    class_unregister(cls);
    take_back(cls);
}

int class_create_file(struct kloom_class* cls, const struct class_attribute* attr) {
    KLOOM_API();
    return cls != nullptr ? sysfs_create_file(&cls->kloom_set->kobj, &attr->attr) : -EINVAL;
}

void class_remove_file(struct kloom_class* cls, const struct class_attribute* attr) {
    KLOOM_API();
    if (cls != nullptr) sysfs_remove_file(&cls->kloom_set->kobj, &attr->attr);
}

struct device* class_find_device_by_devt(struct kloom_class* cls, dev_t devt) {
    KLOOM_API();
    return get_device(find_device(cls, devt));
}

struct device* class_find_device_by_name(struct kloom_class* cls, const char* name) {
    KLOOM_API();
    module_strlen(name);
    for (struct device* device : model().devices)
        if (device->class_ == cls && std::strcmp(dev_name(device), name) == 0)
            return get_device(device);
    return nullptr;
}

int class_for_each_device(struct kloom_class* cls, struct device*, void* data,
                          int (*fn)(struct device*, void*)) {
    KLOOM_API();
    for (size_t index = 0; index < model().devices.size(); ++index) {
        struct device* device = model().devices[index];
        const int result =
            device->class_ == cls ? call_operation("for each device", fn, device, data) : 0;
        if (result != 0) return result;
    }
    return 0;
}

// ---- devices ------------------------------------------------------------------------------------

void device_initialize(struct device* dev) {
    KLOOM_API();
    note_object(dev, sizeof *dev, "device_initialize");
    kobject_init(&dev->kobj, &kDeviceType);
    mutex_init(&dev->mutex);
    spin_lock_init(&dev->devres_lock);
    INIT_LIST_HEAD(&dev->devres_head);
    INIT_LIST_HEAD(&dev->kloom_entry);
    dev->numa_node = -1;
}

int dev_set_name(struct device* dev, const char* name, ...) {
    KLOOM_API();
    va_list arguments;
    va_start(arguments, name);
    const int error = kobject_set_name_vargs(&dev->kobj, name, arguments);
    va_end(arguments);
    return error;
}

int device_add(struct device* dev) {
    KLOOM_API();
    emit_might_sleep("device_add", false);
    if (get_device(dev) == nullptr) return -EINVAL;
    if (dev->init_name != nullptr) {
        dev_set_name(dev, "%s", dev->init_name);
        dev->init_name = nullptr;
    }
    if (kobject_name(&dev->kobj) == nullptr) {
        put_device(dev);
        return -EINVAL;
    }
    struct kobject* parent = take_parent_kobject(*dev);
    int error = kobject_add(&dev->kobj, parent, nullptr);
    kobject_put(parent);
    if (error == 0) {
        error = add_attributes(*dev);
        if (error != 0) kobject_del(&dev->kobj);
    }
    if (error != 0) {
        put_device(dev);
        return error;
    }
    link_to_class(*dev, true);
    add_node(*dev);
    model().devices.push_back(dev);
    dev->kloom_is_registered = true;
    emit_release(dev);
    if (dev->bus != nullptr) probe_device(*dev);
    return 0;
}

void device_del(struct device* dev) {
    KLOOM_API();
    emit_might_sleep("device_del", false);
    note_object(dev, sizeof *dev, "device_del");
    machine().step_global(0);
    std::erase(model().devices, dev);
    if (dev->driver != nullptr) unbind(*dev);
    remove_node(*dev);
    link_to_class(*dev, false);
    kobject_del(&dev->kobj);
    put_device(dev);
}

int device_register(struct device* dev) {
    KLOOM_API();
    device_initialize(dev);
    return device_add(dev);
}

void device_unregister(struct device* dev) {
    KLOOM_API();
    device_del(dev);
    put_device(dev);
}

struct device* get_device(struct device* dev) {
    KLOOM_API();
    return dev != nullptr ? kobj_to_dev(kobject_get(&dev->kobj)) : nullptr;
}

void put_device(struct device* dev) {
    KLOOM_API();
    if (dev != nullptr) kobject_put(&dev->kobj);
}

struct device* device_create_with_groups(struct kloom_class* cls, struct device* parent, dev_t devt,
                                         void* drvdata, const struct attribute_group** groups,
                                         const char* fmt, ...) {
    KLOOM_API();
    va_list arguments;
    va_start(arguments, fmt);
    struct device* device = create_device({cls, parent, devt, drvdata, groups}, fmt, arguments);
    va_end(arguments);
    return device;
}

struct device* device_create(struct kloom_class* cls, struct device* parent, dev_t devt,
                             void* drvdata, const char* fmt, ...) {
    KLOOM_API();
    va_list arguments;
    va_start(arguments, fmt);
    struct device* device = create_device({cls, parent, devt, drvdata, nullptr}, fmt, arguments);
    va_end(arguments);
    return device;
}

void device_destroy(struct kloom_class* cls, dev_t devt) {
    KLOOM_API();
    emit_might_sleep("device_destroy", false);
    machine().step_global(0);
    struct device* device = find_device(cls, devt);
    if (device != nullptr) device_unregister(device);
}

struct device* root_device_register(const char* name) {
    KLOOM_API();
    auto* device = lend_object<struct device>("root_device_register");
    device_initialize(device);
    device->release = release_created_device;
    dev_set_name(device, "%s", name);
    const int error = device_add(device);
    if (error == 0) return device;
    put_device(device);
    return static_cast<struct device*>(ERR_PTR(error));
}

void root_device_unregister(struct device* dev) {
    KLOOM_API();
    device_unregister(dev);
}

int device_for_each_child(struct device* dev, void* data, int (*fn)(struct device*, void*)) {
    KLOOM_API();
    for (size_t index = 0; index < model().devices.size(); ++index) {
        struct device* device = model().devices[index];
        const int result =
            device->parent == dev ? call_operation("for each child", fn, device, data) : 0;
        if (result != 0) return result;
    }
    return 0;
}

// ---- attributes ---------------------------------------------------------------------------------

int device_create_file(struct device* device, const struct device_attribute* entry) {
    KLOOM_API();
    return device != nullptr ? sysfs_create_file(&device->kobj, &entry->attr) : 0;
}

void device_remove_file(struct device* dev, const struct device_attribute* attr) {
    KLOOM_API();
    if (dev != nullptr) sysfs_remove_file(&dev->kobj, &attr->attr);
}

int device_create_bin_file(struct device* dev, const struct bin_attribute* attr) {
    KLOOM_API();
    return dev != nullptr ? sysfs_create_bin_file(&dev->kobj, attr) : -EINVAL;
}

void device_remove_bin_file(struct device* dev, const struct bin_attribute* attr) {
    KLOOM_API();
    if (dev != nullptr) sysfs_remove_bin_file(&dev->kobj, attr);
}

int device_add_group(struct device* dev, const struct attribute_group* grp) {
    KLOOM_API();
    return sysfs_create_group(&dev->kobj, grp);
}

void device_remove_group(struct device* dev, const struct attribute_group* grp) {
    KLOOM_API();
    sysfs_remove_group(&dev->kobj, grp);
}

int device_add_groups(struct device* dev, const struct attribute_group** groups) {
    KLOOM_API();
    return sysfs_create_groups(&dev->kobj, groups);
}

void device_remove_groups(struct device* dev, const struct attribute_group** groups) {
    KLOOM_API();
    sysfs_remove_groups(&dev->kobj, groups);
}

ssize_t device_show_int(struct device*, struct device_attribute* attr, char* buf) {
    KLOOM_API();
    const int* variable =
        static_cast<int*>(container_of(attr, struct dev_ext_attribute, attr)->var);
    note_read(variable, sizeof *variable);
    return std::snprintf(buf, 16, "%d\n", *variable);
}

ssize_t device_store_int(struct device*, struct device_attribute* attr, const char* buf,
                         size_t count) {
    KLOOM_API();
    int* variable = static_cast<int*>(container_of(attr, struct dev_ext_attribute, attr)->var);
    const int error = kstrtoint(buf, 0, variable);
    return error == 0 ? static_cast<ssize_t>(count) : error;
}

// ---- messages -----------------------------------------------------------------------------------

const char* dev_driver_string(const struct device* dev) {
    if (dev->driver != nullptr) return dev->driver->name;
    if (dev->bus != nullptr) return dev->bus->name;
    return dev->class_ != nullptr ? dev->class_->name : "";
}

void _dev_printk(const char* level, const struct device* dev, const char* fmt, ...) {
    KLOOM_API();
    va_list arguments;
    va_start(arguments, fmt);
    struct va_format text = {.fmt = fmt, .va = &arguments};
    if (dev == nullptr) {
        log_message("%s(NULL device *): %pV", level, static_cast<void*>(&text));
    } else {
        note_object(dev, sizeof *dev, "dev_printk");
        log_message("%s%s %s: %pV", level, dev_driver_string(dev), dev_name(dev),
                    static_cast<void*>(&text));
    }
    va_end(arguments);
}

int dev_err_probe(const struct device* dev, int err, const char* fmt, ...) {
    KLOOM_API();
    constexpr int kProbeDeferred = -517;
    if (err == kProbeDeferred) return err;
    va_list arguments;
    va_start(arguments, fmt);
    struct va_format text = {.fmt = fmt, .va = &arguments};
    log_message("\0013%s %s: error %pe: %pV", dev_driver_string(dev), dev_name(dev), ERR_PTR(err),
                static_cast<void*>(&text));
    va_end(arguments);
    return err;
}

}  // extern "C"
