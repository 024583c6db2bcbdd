// PerCpuService: the memory behind per-CPU variables, static and allocated.
//
//   template (static)    [begin, end) of the module's .data..percpu: addresses only, accesses are a finding
//   template (dynamic)   a window at kDynamicBegin, not even mapped
//   copies               trace::percpu_copy(template address, cpu), one mapping for each possible CPU and kind
//
// The functions that compute a copy's address tell the detectors how it was asked for; this_cpu operations act on the copy of
// the CPU on which their step happens. See include/kernel/linux/percpu-defs.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernel/kernel.hpp"
#include "kernel/mm/windows.hpp"

namespace kloom::kernel {

struct PerCpuRequest {
    size_t size = 0;
    size_t alignment = 8;
    const char* function = "";  // static storage
};

class PerCpuService final : public Service {
  public:
    explicit PerCpuService(machine::Machine& machine);
    ~PerCpuService() override;

    void begin_execution() override;

    // Once, when the module is loaded and relocated: maps the copies of its static variables, whose initial values lie in
    // [begin, end). False when the addresses of the copies are taken.
    bool map_static(uintptr_t begin, uintptr_t end);

    // Gives the static variables their initial values, as for a module that is loaded anew.
    void put_static_back();

    // Zeroed copies for each possible CPU; the template address, or null. Emits Allocate.
    void* allocate(const PerCpuRequest& request);
    void release(void* pointer);

    // The running CPU's copy of the object at template address `pointer`; `how` = trace::CpuReadFlags. Steps when the task
    // may be moved to another CPU right after.
    uintptr_t address(uintptr_t pointer, uint16_t how);
    uintptr_t remote_address(uintptr_t pointer, CpuId cpu);
    bool is_static_copy(uintptr_t address) const;

    // The step and the event of a this_cpu operation: the copy of the CPU that the path runs on when it is its turn.
    uintptr_t step_operation(uintptr_t pointer, uint32_t size, uint16_t flags);

  private:
    void unmap_static();
    void clear_copies(uintptr_t address, size_t bytes);
    void write_copies(uintptr_t address);
    trace::HeapObject* live_object(uintptr_t address);
    void check_template(uintptr_t pointer);
    void emit_address(uintptr_t address, CpuId cpu, uint16_t how);

    machine::Machine& machine_;
    size_t cpus_;
    uintptr_t static_begin_ = 0;
    std::vector<unsigned char> static_image_;  // initial values of the static variables
    AddressWindows dynamic_;
};

}  // namespace kloom::kernel
