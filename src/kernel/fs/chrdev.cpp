// Device numbers, cdevs and misc devices; opening a character device finds its driver here.
#include "kernel/fs/chrdev.hpp"

#include <algorithm>
#include <cstdio>
#include <cstring>

#include "kernel/fs/module_call.hpp"
#include "kernel/fs/objects.hpp"
#include "kernel/fs/vfs.hpp"
#include "kernel/module_access.hpp"

#include <linux/cdev.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/kdev_t.h>
#include <linux/miscdevice.h>
#include <linux/module.h>

namespace kloom::kernel {

namespace {

constexpr uint32_t kDynamicMajorFirst = 254;
constexpr uint32_t kMinorsPerMajor = 1u << MINORBITS;
constexpr int kMiscMinorsFirst = 127;  // the first dynamic minor; they are given away downwards
constexpr int kMiscMinorsAfter = 256;  // and upwards from here when those are gone
constexpr size_t kNameMax = 64;        // of a registration; Linux cuts at this length too

constexpr struct {
    uint32_t major;
    const char* name;
} kBuiltinDevices[] = {{1, "mem"},       {4, "tty"},   {5, "/dev/tty"}, {5, "/dev/console"},
                       {5, "/dev/ptmx"}, {7, "vcs"},   {10, "misc"},    {13, "input"},
                       {29, "fb"},       {128, "ptm"}, {136, "pts"},    {254, "rtc"}};

}  // namespace

CharDevices::CharDevices() {
    reset();
}

void CharDevices::reset() {
    std::erase_if(regions_, [](const DeviceRegion& region) { return !region.is_builtin; });
    cdevs_.clear();
    misc_.clear();
    misc_minors_.clear();
    if (!regions_.empty()) return;
    for (const auto& device : kBuiltinDevices)
        regions_.push_back(
            {.major = device.major, .count = 256, .name = device.name, .is_builtin = true});
}

uint32_t CharDevices::free_major() const {
    const auto is_free = [this](uint32_t major) {
        return std::ranges::none_of(
            regions_, [major](const DeviceRegion& region) { return region.major == major; });
    };
    for (uint32_t major = kDynamicMajorFirst; major >= CHRDEV_MAJOR_DYN_END; --major)
        if (is_free(major)) return major;
    for (uint32_t major = CHRDEV_MAJOR_DYN_EXT_START; major >= CHRDEV_MAJOR_DYN_EXT_END; --major)
        if (is_free(major)) return major;
    return 0;
}

bool CharDevices::overlaps(uint32_t major, uint32_t minor, uint32_t count) const {
    return std::ranges::any_of(regions_, [=](const DeviceRegion& region) {
        return region.major == major && region.minor < minor + count &&
               minor < region.minor + region.count;
    });
}

int CharDevices::add_region(uint32_t major, uint32_t minor, uint32_t count, const char* name) {
    if (major >= CHRDEV_MAJOR_MAX || minor > kMinorsPerMajor - 1 || count > kMinorsPerMajor - minor)
        return -EINVAL;
    if (major == 0) major = free_major();
    if (major == 0 || overlaps(major, minor, count)) return -EBUSY;
    const auto place = std::ranges::find_if(regions_, [=](const DeviceRegion& region) {
        return region.major > major || (region.major == major && region.minor > minor);
    });
    regions_.insert(place, {.major = major, .minor = minor, .count = count, .name = name});
    return static_cast<int>(major);
}

struct cdev* CharDevices::remove_region(uint32_t major, uint32_t minor, uint32_t count) {
    const auto region = std::ranges::find_if(regions_, [=](const DeviceRegion& each) {
        return each.major == major && each.minor == minor && each.count == count &&
               !each.is_builtin;
    });
    if (region == regions_.end()) return nullptr;
    struct cdev* cdev = region->cdev;
    regions_.erase(region);
    return cdev;
}

DeviceRegion* CharDevices::region_of(uint32_t major, uint32_t minor) {
    for (DeviceRegion& region : regions_)
        if (region.major == major && minor >= region.minor && minor < region.minor + region.count)
            return &region;
    return nullptr;
}

const DeviceRegion* CharDevices::region_named(const char* name) const {
    for (const DeviceRegion& region : regions_)
        if (!region.is_builtin && region.name == name) return &region;
    return nullptr;
}

void CharDevices::add_cdev(uint32_t device, uint32_t count, struct cdev* cdev) {
    cdevs_.push_back({device, count, cdev});
}

bool CharDevices::remove_cdev(const struct cdev* cdev) {
    return std::erase_if(cdevs_, [cdev](const CdevRange& range) { return range.cdev == cdev; }) > 0;
}

struct cdev* CharDevices::cdev_of(uint32_t device) const {
    for (const CdevRange& range : cdevs_)
        if (device >= range.device && device < range.device + range.count) return range.cdev;
    return nullptr;
}

int CharDevices::take_misc_minor(int wanted) {
    const auto is_taken = [this](int minor) {
        return std::ranges::find(misc_minors_, minor) != misc_minors_.end();
    };
    if (wanted == MISC_DYNAMIC_MINOR) {
        wanted = kMiscMinorsFirst;
        while (wanted >= 0 && is_taken(wanted)) --wanted;
        if (wanted < 0) wanted = kMiscMinorsAfter;
        while (is_taken(wanted)) ++wanted;
    }
    if (is_taken(wanted)) return -EBUSY;
    misc_minors_.push_back(wanted);
    return wanted;
}

void CharDevices::give_misc_minor(int minor) {
    std::erase(misc_minors_, minor);
}

void CharDevices::format(std::string& out) const {
    for (const DeviceRegion& region : regions_) {
        char line[16];
        std::snprintf(line, sizeof line, "%3u ", region.major);
        out += line + region.name + "\n";
    }
}

void CharDevices::format_misc(std::string& out) const {
    for (auto misc = misc_.rbegin(); misc != misc_.rend(); ++misc) {
        char line[kNameMax + 8];
        std::snprintf(line, sizeof line, "%3d %s\n", (*misc)->minor,
                      (*misc)->name != nullptr ? (*misc)->name : "");
        out += line;
    }
}

void CharDevices::report_leftovers(const ModuleImage&) const {
    for (struct miscdevice* misc : misc_) emit_leftover("misc device", "misc device", misc);
    for (const CdevRange& range : cdevs_) emit_leftover("character device", "cdev", range.cdev);
    for (const DeviceRegion& region : regions_)
        if (!region.is_builtin && region.cdev == nullptr)
            emit_leftover("device number", region.name.c_str(), nullptr);
}

namespace {

CharDevices& devices() {
    return kernel().vfs->char_devices();
}

// The length of a registration's name, at most Linux's limit.
const char* checked_name(const char* name, char (&buffer)[kNameMax]) {
    const size_t length = module_strnlen(name, kNameMax - 1);
    std::memcpy(buffer, name, length);
    buffer[length] = '\0';
    return buffer;
}

// References on the module and on the cdev, so that neither goes while the file is open.
bool get_cdev(struct cdev* cdev) {
    note_object(cdev, sizeof *cdev, "chrdev_open");
    if (!try_module_get(cdev->owner)) return false;
    if (kobject_get_unless_zero(&cdev->kobj) != nullptr) return true;
    module_put(cdev->owner);
    return false;
}

// The open of every character device: finds the driver, whose operations take over.
int chrdev_open(struct inode* inode, struct file* file) {
    struct cdev* cdev = devices().cdev_of(inode->i_rdev);
    if (cdev == nullptr || !get_cdev(cdev)) return -ENXIO;
    emit_acquire(cdev);
    inode->i_cdev = cdev;
    note_object(cdev->ops, sizeof *cdev->ops, "chrdev_open");
    const struct file_operations* operations = fops_get(cdev->ops);
    if (operations == nullptr) {
        cdev_put(cdev);
        return -ENXIO;
    }
    file->f_op = operations;
    const int error =
        operations->open != nullptr ? call_operation("open", operations->open, inode, file) : 0;
    if (error != 0) {
        fops_put(file->f_op);
        cdev_put(cdev);
    }
    return error;
}

// The open of a misc device: the cdev of major 10 is the kernel's, the rest works as above.
int misc_open(struct inode* inode, struct file* file) {
    struct miscdevice* found = nullptr;
    for (struct miscdevice* misc : devices().misc_devices()) {
        note_object(misc, sizeof *misc, "misc_open");
        if (misc->minor == static_cast<int>(MINOR(inode->i_rdev))) found = misc;
    }
    if (found == nullptr) return -ENODEV;
    emit_acquire(found);
    note_object(found->fops, sizeof *found->fops, "misc_open");
    const struct file_operations* operations = fops_get(found->fops);
    if (operations == nullptr) return -ENODEV;
    file->private_data = found;
    file->f_op = operations;
    const int error =
        operations->open != nullptr ? call_operation("open", operations->open, inode, file) : 0;
    if (error != 0) fops_put(file->f_op);
    return error;
}

int device_open(struct inode* inode, struct file* file) {
    if (kernel().vfs->files().node_of(file)->is_builtin) return open_system_device(inode, file);
    return MAJOR(inode->i_rdev) == MISC_MAJOR ? misc_open(inode, file) : chrdev_open(inode, file);
}

void release_cdev(struct kobject*) {}

void release_allocated_cdev(struct kobject* kobj) {
    take_back(container_of(kobj, struct cdev, kobj));
}

const struct kobj_type kCdevType = {.release = release_cdev};
const struct kobj_type kAllocatedCdevType = {.release = release_allocated_cdev};

}  // namespace

const struct file_operations kDeviceOpenOperations = {
    .llseek = noop_llseek,
    .open = device_open,
};

}  // namespace kloom::kernel

using namespace kloom::kernel;

extern "C" {

// ---- device numbers -----------------------------------------------------------------------------

int alloc_chrdev_region(dev_t* dev, unsigned baseminor, unsigned count, const char* name) {
    KLOOM_API();
    emit_might_sleep("alloc_chrdev_region", false);
    char text[kNameMax];
    checked_name(name, text);
    machine().step_global(0);
    const int major = devices().add_region(0, baseminor, count, text);
    if (major < 0) return major;
    note_write(dev, sizeof *dev);
    *dev = MKDEV(static_cast<unsigned>(major), baseminor);
    return 0;
}

int register_chrdev_region(dev_t from, unsigned count, const char* name) {
    KLOOM_API();
    emit_might_sleep("register_chrdev_region", false);
    char text[kNameMax];
    checked_name(name, text);
    machine().step_global(0);
    const int major = devices().add_region(MAJOR(from), MINOR(from), count, text);
    return major < 0 ? major : 0;
}

void unregister_chrdev_region(dev_t from, unsigned count) {
    KLOOM_API();
    emit_might_sleep("unregister_chrdev_region", false);
    machine().step_global(0);
    devices().remove_region(MAJOR(from), MINOR(from), count);
}

int __register_chrdev(unsigned major, unsigned baseminor, unsigned count, const char* name,
                      const struct file_operations* fops) {
    KLOOM_API();
    emit_might_sleep("register_chrdev", false);
    char text[kNameMax];
    checked_name(name, text);
    note_read(fops, sizeof *fops);
    machine().step_global(0);
    const int taken = devices().add_region(major, baseminor, count, text);
    if (taken < 0) return taken;
    struct cdev* cdev = cdev_alloc();
    if (cdev == nullptr) {
        devices().remove_region(static_cast<unsigned>(taken), baseminor, count);
        return -ENOMEM;
    }
    cdev->owner = fops->owner;
    cdev->ops = fops;
    devices().region_of(static_cast<unsigned>(taken), baseminor)->cdev = cdev;
    devices().add_cdev(MKDEV(static_cast<unsigned>(taken), baseminor), count, cdev);
    emit_release(cdev);
    return major == 0 ? taken : 0;
}

void __unregister_chrdev(unsigned major, unsigned baseminor, unsigned count, const char*) {
    KLOOM_API();
    emit_might_sleep("unregister_chrdev", false);
    machine().step_global(0);
    struct cdev* cdev = devices().remove_region(major, baseminor, count);
    if (cdev == nullptr) return;
    devices().remove_cdev(cdev);
    kobject_put(&cdev->kobj);
}

// ---- cdevs --------------------------------------------------------------------------------------

void cdev_init(struct cdev* cdev, const struct file_operations* fops) {
    KLOOM_API();
    note_write(cdev, sizeof *cdev);
    std::memset(static_cast<void*>(cdev), 0, sizeof *cdev);
    INIT_LIST_HEAD(&cdev->list);
    kobject_init(&cdev->kobj, &kCdevType);
    cdev->ops = fops;
}

struct cdev* cdev_alloc() {
    KLOOM_API();
    auto* cdev = lend_object<struct cdev>("cdev_alloc");
    INIT_LIST_HEAD(&cdev->list);
    kobject_init(&cdev->kobj, &kAllocatedCdevType);
    return cdev;
}

void cdev_put(struct cdev* p) {
    if (p == nullptr) return;
    note_object(p, sizeof *p, "cdev_put");
    struct module* owner = p->owner;
    kobject_put(&p->kobj);
    module_put(owner);
}

void cdev_set_parent(struct cdev* p, struct kobject* kobj) {
    KLOOM_API();
    note_write(&p->kobj.parent, sizeof p->kobj.parent);
    p->kobj.parent = kobj;
}

int cdev_add(struct cdev* p, dev_t dev, unsigned count) {
    KLOOM_API();
    emit_might_sleep("cdev_add", false);
    note_object(p, sizeof *p, "cdev_add");
    note_write(&p->dev, sizeof p->dev + sizeof p->count);
    machine().step_global(0);
    p->dev = dev;
    p->count = count;
    devices().add_cdev(dev, count, p);
    emit_release(p);
    if (p->kobj.parent != nullptr) kobject_get(p->kobj.parent);
    return 0;
}

void cdev_del(struct cdev* p) {
    KLOOM_API();
    emit_might_sleep("cdev_del", false);
    note_object(p, sizeof *p, "cdev_del");
    machine().step_global(0);
    devices().remove_cdev(p);
    struct kobject* parent = p->kobj.parent;
    p->kobj.parent = nullptr;
    kobject_put(&p->kobj);
    if (parent != nullptr) kobject_put(parent);
}

int cdev_device_add(struct cdev* cdev, struct device* dev) {
    KLOOM_API();
    if (dev->devt != 0) {
        cdev_set_parent(cdev, &dev->kobj);
        const int error = cdev_add(cdev, dev->devt, 1);
        if (error != 0) return error;
    }
    const int error = device_add(dev);
    if (error != 0 && dev->devt != 0) cdev_del(cdev);
    return error;
}

void cdev_device_del(struct cdev* cdev, struct device* dev) {
    KLOOM_API();
    device_del(dev);
    if (dev->devt != 0) cdev_del(cdev);
}

// ---- misc devices -------------------------------------------------------------------------------

int misc_register(struct miscdevice* misc) {
    KLOOM_API();
    emit_might_sleep("misc_register", false);
    note_object(misc, sizeof *misc, "misc_register");
    module_strlen(misc->name);
    note_write(misc, sizeof *misc);
    machine().step_global(0);
    const int minor = devices().take_misc_minor(misc->minor);
    if (minor < 0) return minor;
    const bool is_dynamic = misc->minor == MISC_DYNAMIC_MINOR;
    misc->minor = minor;
    struct device* device = kernel().vfs->devices().create_misc_device(*misc);
    if (IS_ERR(device)) {
        devices().give_misc_minor(minor);
        if (is_dynamic) misc->minor = MISC_DYNAMIC_MINOR;
        return static_cast<int>(PTR_ERR(device));
    }
    misc->this_device = device;
    devices().misc_devices().push_back(misc);
    emit_release(misc);
    return 0;
}

void misc_deregister(struct miscdevice* misc) {
    KLOOM_API();
    emit_might_sleep("misc_deregister", false);
    note_object(misc, sizeof *misc, "misc_deregister");
    machine().step_global(0);
    auto& registered = devices().misc_devices();
    if (std::ranges::find(registered, misc) == registered.end()) {
        WARN_ON(true);
        return;
    }
    std::erase(registered, misc);
    devices().give_misc_minor(misc->minor);
    device_unregister(misc->this_device);
}

}  // extern "C"
