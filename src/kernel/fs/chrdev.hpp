// Character devices: who owns which device numbers, which cdev serves them, and the minors of misc
// devices.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

extern "C" {
struct cdev;
struct miscdevice;
}

namespace kloom::kernel {

struct ModuleImage;

// A range of device numbers, as in /proc/devices.
struct DeviceRegion {
    uint32_t major = 0;
    uint32_t minor = 0;
    uint32_t count = 0;
    std::string name;
    struct cdev* cdev = nullptr;  // made by register_chrdev()
    bool is_builtin = false;
};

// cdev_add(): these numbers are served by this cdev.
struct CdevRange {
    uint32_t device = 0;
    uint32_t count = 0;
    struct cdev* cdev = nullptr;
};

class CharDevices {
  public:
    CharDevices();

    // Takes the numbers; major 0 picks a free one. Returns the major number or a negative error
    // number.
    int add_region(uint32_t major, uint32_t minor, uint32_t count, const char* name);
    // Gives them back; returns the cdev of register_chrdev(), if any.
    struct cdev* remove_region(uint32_t major, uint32_t minor, uint32_t count);
    DeviceRegion* region_of(uint32_t major, uint32_t minor);
    // The region that a module registered under `name`, for a node in /dev that nobody made.
    const DeviceRegion* region_named(const char* name) const;

    void add_cdev(uint32_t device, uint32_t count, struct cdev* cdev);
    bool remove_cdev(const struct cdev* cdev);
    struct cdev* cdev_of(uint32_t device) const;

    int take_misc_minor(int wanted);  // the minor or a negative error number
    void give_misc_minor(int minor);
    std::vector<struct miscdevice*>& misc_devices() { return misc_; }

    // The "Character devices:" part of /proc/devices.
    void format(std::string& out) const;
    // The text of /proc/misc.
    void format_misc(std::string& out) const;
    void report_leftovers(const ModuleImage& module) const;
    void reset();

  private:
    uint32_t free_major() const;
    bool overlaps(uint32_t major, uint32_t minor, uint32_t count) const;

    std::vector<DeviceRegion> regions_;  // sorted by major, then minor
    std::vector<CdevRange> cdevs_;
    std::vector<struct miscdevice*> misc_;
    std::vector<int> misc_minors_;  // taken
};

}  // namespace kloom::kernel
