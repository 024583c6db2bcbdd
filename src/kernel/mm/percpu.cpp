#include "kernel/mm/percpu.hpp"

#include <algorithm>
#include <cstring>

#include "base/check.hpp"
#include "kernel/mm/slab.hpp"

namespace kloom::kernel {
namespace {

using trace::EventKind;
using trace::HeapObject;
using trace::MemoryKind;
using trace::Region;

constexpr uintptr_t kDynamicBegin = 0x280000000000;
constexpr size_t kDynamicWindowBytes = size_t{1} << 20;
constexpr size_t kPageBytes = 4096;

constexpr uintptr_t page_floor(uintptr_t address) { return address & ~(kPageBytes - 1); }
constexpr uintptr_t page_ceiling(uintptr_t address) { return page_floor(address + kPageBytes - 1); }

CpuId cpu_id(size_t cpu) { return CpuId(static_cast<uint16_t>(cpu)); }

unsigned char* copy_of(uintptr_t address, size_t cpu) {
    return reinterpret_cast<unsigned char*>(trace::percpu_copy(address, cpu_id(cpu)));
}

}  // namespace

PerCpuService::PerCpuService(machine::Machine& machine)
    : machine_(machine),
      cpus_(static_cast<size_t>(machine.possible_cpus())),
      dynamic_(kDynamicBegin, kDynamicWindowBytes, trace::kPathsMax) {
    const size_t bytes = dynamic_.end() - dynamic_.begin();
    for (size_t cpu = 0; cpu < cpus_; ++cpu)
        CHECK(reserve_memory(trace::percpu_copy(kDynamicBegin, cpu_id(cpu)), bytes),
              "the addresses of CPU %zu's per-CPU memory are taken", cpu);
    machine_.memory().set_dynamic_percpu(dynamic_.begin(), dynamic_.end(), static_cast<int>(cpus_));
}

PerCpuService::~PerCpuService() {
    unmap_static();
    for (size_t cpu = 0; cpu < cpus_; ++cpu)
        unreserve_memory(trace::percpu_copy(kDynamicBegin, cpu_id(cpu)), dynamic_.end() - dynamic_.begin());
}

void PerCpuService::begin_execution() {
    dynamic_.reset();
    put_static_back();
}

void PerCpuService::put_static_back() {
    for (size_t cpu = 0; cpu < cpus_ && !static_image_.empty(); ++cpu)
        std::memcpy(copy_of(static_begin_, cpu), static_image_.data(), static_image_.size());
}

// ---- static variables ------------------------------------------------------------------------------------------------

bool PerCpuService::map_static(uintptr_t begin, uintptr_t end) {
    CHECK(static_image_.empty(), "a kernel has one module");
    if (begin == end) return true;
    const uintptr_t first_page = page_floor(begin);
    const size_t bytes = page_ceiling(end) - first_page;
    for (size_t cpu = 0; cpu < cpus_; ++cpu)
        if (!reserve_memory(trace::percpu_copy(first_page, cpu_id(cpu)), bytes)) return false;
    const auto* initial = reinterpret_cast<const unsigned char*>(begin);
    static_begin_ = begin;
    static_image_.assign(initial, initial + (end - begin));
    machine_.memory().set_static_percpu(begin, end, static_cast<int>(cpus_));
    return true;
}

void PerCpuService::unmap_static() {
    if (static_image_.empty()) return;
    const uintptr_t first_page = page_floor(static_begin_);
    const size_t bytes = page_ceiling(static_begin_ + static_image_.size()) - first_page;
    for (size_t cpu = 0; cpu < cpus_; ++cpu)
        unreserve_memory(trace::percpu_copy(first_page, cpu_id(cpu)), bytes);
}

bool PerCpuService::is_static_copy(uintptr_t address) const {
    const trace::AddressInfo info = machine_.memory().classify(address);
    return info.region == Region::PerCpu && info.object == nullptr;
}

// ---- allocation ------------------------------------------------------------------------------------------------------

void* PerCpuService::allocate(const PerCpuRequest& request) {
    if (machine_.memory().is_full()) return nullptr;
    const size_t alignment = std::max(request.alignment, trace::kHeapGranule);
    const AddressRange range = dynamic_.take(current_window(), request.size, alignment);
    if (range.address == 0) return nullptr;
    clear_copies(range.address, range.bytes);
    HeapObject object;
    object.address = range.address;
    object.size = request.size;
    object.capacity = range.bytes;
    object.kind = MemoryKind::PerCpu;
    object.allocated_by = machine_.current().id;
    object.allocated_at = machine_.current().call_pc;
    object.function = request.function;
    machine_.memory().add_object(object);
    machine_.emit({.kind = EventKind::Allocate,
                   .flags = static_cast<uint16_t>(MemoryKind::PerCpu),
                   .size = static_cast<uint32_t>(request.size),
                   .address = range.address,
                   .text = request.function});
    return reinterpret_cast<void*>(range.address);
}

void PerCpuService::clear_copies(uintptr_t address, size_t bytes) {
    for (size_t cpu = 0; cpu < cpus_; ++cpu) std::memset(copy_of(address, cpu), 0, bytes);
}

HeapObject* PerCpuService::live_object(uintptr_t address) {
    HeapObject* object = machine_.memory().find_object(address);
    return object != nullptr && object->is_live && object->address == address ? object : nullptr;
}

// To free is to write every copy, as in SlabService::release().
void PerCpuService::write_copies(uintptr_t address) {
    for (size_t cpu = 0; cpu < cpus_; ++cpu) {
        const HeapObject* object = live_object(address);  // others run at each step and may free it
        if (object == nullptr) return;
        emit_address(trace::percpu_copy(address, cpu_id(cpu)), cpu_id(cpu), trace::kCpuReadRemote);
        machine_.access(trace::percpu_copy(address, cpu_id(cpu)), static_cast<uint32_t>(object->size),
                        kFreeFlags, machine_.current().call_pc);
    }
}

void PerCpuService::release(void* pointer) {
    const auto address = reinterpret_cast<uintptr_t>(pointer);
    write_copies(address);
    const HeapObject* owner = machine_.memory().find_object(address);
    machine_.emit({.kind = EventKind::Free,
                   .flags = static_cast<uint16_t>(MemoryKind::PerCpu),
                   .size = owner != nullptr ? static_cast<uint32_t>(owner->size) : 0,
                   .address = address,
                   .text = "free_percpu"});
    HeapObject* object = live_object(address);
    if (object == nullptr) return;
    object->is_live = false;
    object->freed_by = machine_.current().id;
    object->freed_at = machine_.current().call_pc;
    dynamic_.give_back({object->address, object->capacity});
}

// ---- addresses -------------------------------------------------------------------------------------------------------

// get_cpu_var(p) with a pointer `p` from alloc_percpu() takes the address of `p` itself, a common mistake. What it yields lies
// nowhere; say so here, because the access that follows could not.
void PerCpuService::check_template(uintptr_t pointer) {
    const trace::AddressInfo info = machine_.memory().classify(pointer);
    if (info.region == Region::PerCpuTemplate || info.region == Region::NullPage) return;
    emit_misuse("wild-access", trace::Severity::Error,
                "{0} asks for a CPU's copy of something that is no per-CPU object; for a pointer from alloc_percpu() use "
                "this_cpu_ptr(p) or get_cpu_ptr(p), not get_cpu_var(p)",
                reinterpret_cast<void*>(pointer));
    machine_.stop_execution();
}

void PerCpuService::emit_address(uintptr_t address, CpuId cpu, uint16_t how) {
    machine_.emit({.kind = EventKind::PerCpuAddress, .flags = how, .address = address, .value = cpu.value});
}

uintptr_t PerCpuService::address(uintptr_t pointer, uint16_t how) {
    check_template(pointer);
    machine::Path& path = machine_.current();
    const CpuId cpu = path.cpu;
    const uintptr_t result = trace::percpu_copy(pointer, cpu);
    emit_address(result, cpu, how);
    // Where preemption is off the address holds for now, but it may be kept until it is on again.
    const bool may_move = path.kind == trace::PathKind::Task && !path.is_bound;
    if (may_move) path.has_cpu_dependence = true;
    if (may_move && path.is_preemptible()) machine_.step_local(0);
    return result;
}

uintptr_t PerCpuService::remote_address(uintptr_t pointer, CpuId cpu) {
    check_template(pointer);
    const uintptr_t result = trace::percpu_copy(pointer, cpu);
    emit_address(result, cpu, trace::kCpuReadRemote);
    return result;
}

uintptr_t PerCpuService::step_operation(uintptr_t pointer, uint32_t size, uint16_t flags) {
    check_template(pointer);
    const uintptr_t pc = machine_.current().call_pc;
    for (;;) {  // ends: a path is moved a bounded number of times
        const CpuId cpu = machine_.cpu();
        const uintptr_t copy = trace::percpu_copy(pointer, cpu);
        machine_.step_access(copy, size, flags, pc);
        if (machine_.cpu() == cpu) return copy;
    }
}

}  // namespace kloom::kernel
