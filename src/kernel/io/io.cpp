#include "kernel/io/io.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <climits>

#include "base/check.hpp"
#include "kernel/module_access.hpp"

#include <asm/io.h>
#include <linux/ioport.h>
#include <linux/printk.h>

namespace kloom::kernel {

namespace {

constexpr size_t kPorts = 65536;
constexpr uint8_t kUnusedPort = 0xff;  // what a bus without a device reads as
constexpr uint32_t kKeyboardData = 0x60;
constexpr uint32_t kKeyboardStatus = 0x64;
constexpr uint8_t kKeyboardHasData = 0x1d;  // output buffer full, input buffer empty, self test passed

// Somebody types "hello": each key is pressed and let go.
constexpr uint8_t kScanCodes[] = {0x23, 0xa3, 0x12, 0x92, 0x26, 0xa6, 0x26, 0xa6, 0x18, 0x98};

}  // namespace

IoService::IoService(machine::Machine& machine) : machine_(machine), ports_(kPorts, kUnusedPort) {
    void* window = mmap(reinterpret_cast<void*>(kWindowBegin), kWindowBytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
    CHECK(window == reinterpret_cast<void*>(kWindowBegin), "no address space for device memory");
    machine.memory().add_region(trace::Region::Kernel, kWindowBegin, kWindowBegin + kWindowBytes);
}

IoService::~IoService() { munmap(reinterpret_cast<void*>(kWindowBegin), kWindowBytes); }

void IoService::begin_execution() {
    for (uint32_t port : written_ports_) ports_[port] = kUnusedPort;
    written_ports_.clear();
    next_scan_code_ = 0;
    mappings_.clear();
    if (window_used_ != 0) madvise(reinterpret_cast<void*>(kWindowBegin), window_used_, MADV_DONTNEED);
    window_used_ = 0;
    reservations_.clear();
}

void IoService::report_leftovers(const ModuleImage&) {
    for (const resource& reservation : reservations_)
        if (reservation.parent != nullptr) emit_leftover("I/O region", reservation.name, &reservation);
}

uint32_t IoService::read_port(uint32_t port, uint32_t bytes) {
    if (port == kKeyboardData) return kScanCodes[next_scan_code_++ % std::size(kScanCodes)];
    if (port == kKeyboardStatus) return kKeyboardHasData;
    uint32_t value = 0;
    for (uint32_t byte = 0; byte < bytes; ++byte) value |= uint32_t{ports_[(port + byte) % kPorts]} << (8 * byte);
    return value;
}

void IoService::write_port(uint32_t port, uint32_t value, uint32_t bytes) {
    for (uint32_t byte = 0; byte < bytes; ++byte) {
        const uint32_t number = (port + byte) % kPorts;
        ports_[number] = static_cast<uint8_t>(value >> (8 * byte));
        written_ports_.push_back(number);
    }
}

void* IoService::map(uint64_t physical, size_t bytes) {
    const uint64_t first = physical & PAGE_MASK;
    const size_t needed = PAGE_ALIGN(physical + bytes) - first;
    for (const Mapping& mapping : mappings_)
        if (mapping.physical <= first && first + needed <= mapping.physical + mapping.bytes)
            return reinterpret_cast<void*>(mapping.address + (physical - mapping.physical));
    if (bytes == 0 || needed > kWindowBytes - window_used_) return nullptr;
    const uintptr_t address = kWindowBegin + window_used_;
    mappings_.push_back({first, needed, address});
    window_used_ += needed;
    return reinterpret_cast<void*>(address + (physical - first));
}

resource* IoService::reserve(resource* parent, uint64_t start, uint64_t count, const char* name) {
    const uint64_t end = start + count - 1;
    for (const resource& other : reservations_)
        if (other.parent == parent && other.start <= end && start <= other.end) return nullptr;
    resource& reservation = reservations_.emplace_back();
    reservation = {.start = start, .end = end, .name = name, .flags = parent->flags | IORESOURCE_BUSY, .parent = parent};
    return &reservation;
}

bool IoService::release(resource* parent, uint64_t start, uint64_t count) {
    for (resource& reservation : reservations_) {
        if (reservation.parent != parent || reservation.start != start || reservation.end != start + count - 1) continue;
        reservation.parent = nullptr;
        return true;
    }
    return false;
}

}  // namespace kloom::kernel

using namespace kloom::kernel;

namespace {

IoService& io() { return *kernel().io; }

uint32_t read_port(uint32_t port, uint32_t bytes) {
    machine().step_object(kloom::trace::OperationKind::Sync, io().port_state(), 0);
    return io().read_port(port, bytes);
}

void write_port(uint32_t port, uint32_t value, uint32_t bytes) {
    machine().step_object(kloom::trace::OperationKind::Sync, io().port_state(), 0);
    io().write_port(port, value, bytes);
}

}  // namespace

extern "C" {

struct resource ioport_resource = {.start = 0, .end = 0xffff, .name = "PCI IO", .flags = IORESOURCE_IO};
struct resource iomem_resource = {.start = 0, .end = ~resource_size_t{0}, .name = "PCI mem", .flags = IORESOURCE_MEM};

u8 inb(unsigned int port) {
    KLOOM_API();
    return static_cast<u8>(read_port(port, 1));
}

u16 inw(unsigned int port) {
    KLOOM_API();
    return static_cast<u16>(read_port(port, 2));
}

u32 inl(unsigned int port) {
    KLOOM_API();
    return read_port(port, 4);
}

void outb(u8 value, unsigned int port) {
    KLOOM_API();
    write_port(port, value, 1);
}

void outw(u16 value, unsigned int port) {
    KLOOM_API();
    write_port(port, value, 2);
}

void outl(u32 value, unsigned int port) {
    KLOOM_API();
    write_port(port, value, 4);
}

void __iomem* ioremap(resource_size_t offset, unsigned long size) {
    KLOOM_API();
    emit_might_sleep("ioremap", false);
    machine().step_global(0);
    return io().map(offset, size);
}

// The memory stays: a later ioremap() of the same range finds it, as a device's registers would be found.
void iounmap(volatile void __iomem*) {
    KLOOM_API();
    emit_might_sleep("iounmap", false);
}

struct resource* __request_region(struct resource* parent, resource_size_t start, resource_size_t n, const char* name, int) {
    KLOOM_API();
    emit_might_sleep("request_region", false);
    machine().step_global(0);
    return n != 0 ? io().reserve(parent, start, n, name) : nullptr;
}

void __release_region(struct resource* parent, resource_size_t start, resource_size_t n) {
    KLOOM_API();
    machine().step_global(0);
    if (io().release(parent, start, n)) return;
    printk(KERN_WARNING "Trying to free nonexistent resource <%016llx-%016llx>\n", static_cast<unsigned long long>(start),
           static_cast<unsigned long long>(start + n - 1));
}

}  // extern "C"
