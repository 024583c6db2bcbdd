// The per-CPU functions that modules call: allocation, addresses, and this_cpu operations of 1, 2,
// 4 and 8 bytes. See include/kernel/linux/percpu.h and percpu-defs.h.

#include <algorithm>
#include <bit>
#include <climits>
#include <cstring>

#include "kernel/mm/percpu.hpp"
#include "kernel/mm/slab.hpp"
#include "kernel/module_access.hpp"

#include <asm/local.h>
#include <linux/bug.h>
#include <linux/gfp_types.h>
#include <linux/percpu-defs.h>

namespace kloom::kernel {
namespace {

static_assert(int{KLOOM_CPU_CHECKED} == int{trace::kCpuReadChecked});
static_assert(int{KLOOM_CPU_GUARDED} == int{trace::kCpuReadGuarded});
static_assert(int{KLOOM_CPU_RAW} == int{trace::kCpuReadRaw});

constexpr size_t kUnitBytes = 32 << 10;  // Linux's PCPU_MIN_UNIT_SIZE: the largest object
constexpr size_t kPageBytes = 4096;
constexpr size_t kGranuleBytes = 4;  // PCPU_MIN_ALLOC_SIZE, of sizes and of alignments

uintptr_t address_of(const volatile void* pointer) {
    return reinterpret_cast<uintptr_t>(pointer);
}

void* allocate_percpu(const char* function, size_t size, size_t align, gfp_t gfp) {
    enter_allocation(function, gfp);
    align = std::max(align, kGranuleBytes);
    const size_t taken = (size + kGranuleBytes - 1) & ~(kGranuleBytes - 1);
    if (taken == 0 || taken > kUnitBytes || align > kPageBytes || !std::has_single_bit(align)) {
        if ((gfp & __GFP_NOWARN) == 0)
            kloom_warn("pcpu_alloc", "mm/percpu.c", 0,
                       "illegal size (%zu) or align (%zu) for percpu allocation\n", taken, align);
        return nullptr;
    }
    return kernel().percpu->allocate({.size = size, .alignment = align, .function = function});
}

// What a this_cpu operation makes of the old value, both as 64-bit numbers.
struct Operation {
    kloom_percpu_operation code;
    unsigned long operand;
    unsigned long expected;

    bool writes(unsigned long old) const {
        return code != KLOOM_PERCPU_READ &&
               (code != KLOOM_PERCPU_COMPARE_EXCHANGE || old == expected);
    }
    bool reads() const { return code != KLOOM_PERCPU_WRITE; }
    bool returns_new() const {
        return code == KLOOM_PERCPU_ADD || code == KLOOM_PERCPU_AND || code == KLOOM_PERCPU_OR;
    }
    unsigned long apply(unsigned long old) const {
        switch (code) {
            case KLOOM_PERCPU_READ:
                return old;
            case KLOOM_PERCPU_ADD:
                return old + operand;
            case KLOOM_PERCPU_AND:
                return old & operand;
            case KLOOM_PERCPU_OR:
                return old | operand;
            case KLOOM_PERCPU_WRITE:
            case KLOOM_PERCPU_EXCHANGE:
            case KLOOM_PERCPU_COMPARE_EXCHANGE:
                return operand;
        }
        __builtin_unreachable();
    }
};

unsigned long truncate(unsigned long value, unsigned size) {
    return size == sizeof value ? value : value & ((1ul << (size * CHAR_BIT)) - 1);
}

// x86_64 is little-endian: the low bytes come first.
unsigned long load(uintptr_t address, unsigned size) {
    unsigned long value = 0;
    std::memcpy(&value, reinterpret_cast<const void*>(address), size);
    return value;
}

uint16_t access_flags(const Operation& operation, bool writes) {
    uint16_t flags = trace::kCpuAtomic;
    if (operation.reads()) flags |= trace::kRead;
    if (writes) flags |= trace::kWrite;
    if (operation.code == KLOOM_PERCPU_COMPARE_EXCHANGE && !writes) flags |= trace::kFailedCompare;
    return flags;
}

bool is_accessible(uintptr_t address, size_t size) {
    return machine().memory().is_accessible(address, size);
}

uint16_t step_flags(const Operation& operation) {
    return access_flags(operation, operation.code != KLOOM_PERCPU_READ);
}

// The event and the operation, after the step.
unsigned long perform(uintptr_t copy, unsigned size, const Operation& operation) {
    const bool may_write = operation.code != KLOOM_PERCPU_READ;
    // Memory that must not be touched is reported by the event and not read before it.
    const bool writes =
        may_write && (!is_accessible(copy, size) || operation.writes(load(copy, size)));
    machine().emit_access(copy, size, access_flags(operation, writes), machine().current().call_pc);
    const unsigned long old = load(copy, size);
    if (!writes) return old;
    const unsigned long updated = truncate(operation.apply(old), size);
    std::memcpy(reinterpret_cast<void*>(copy), &updated, size);
    return operation.returns_new() ? updated : old;
}

}  // namespace
}  // namespace kloom::kernel

using namespace kloom::kernel;

extern "C" {

void* __alloc_percpu(size_t size, size_t align) {
    KLOOM_API();
    return allocate_percpu("alloc_percpu", size, align, GFP_KERNEL);
}

void* __alloc_percpu_gfp(size_t size, size_t align, gfp_t gfp) {
    KLOOM_API();
    return allocate_percpu("alloc_percpu_gfp", size, align, gfp);
}

void free_percpu(void* ptr) {
    KLOOM_API();
    if (ptr != nullptr) kernel().percpu->release(ptr);
}

bool is_kernel_percpu_address(unsigned long addr) {
    return kernel().percpu->is_static_copy(addr);
}

void* kloom_percpu_address(const volatile void* ptr, kloom_cpu_read how) {
    KLOOM_API();
    return reinterpret_cast<void*>(
        kernel().percpu->address(address_of(ptr), static_cast<uint16_t>(how)));
}

void* kloom_percpu_remote_address(const volatile void* ptr, unsigned int cpu) {
    KLOOM_API();
    return reinterpret_cast<void*>(kernel().percpu->remote_address(
        address_of(ptr), kloom::trace::CpuId(static_cast<uint16_t>(cpu))));
}

unsigned long kloom_percpu_operate(volatile void* ptr, unsigned int size,
                                   kloom_percpu_operation operation, unsigned long operand,
                                   unsigned long expected) {
    KLOOM_API();
    const Operation what{operation, truncate(operand, size), truncate(expected, size)};
    return perform(kernel().percpu->step_operation(address_of(ptr), size, step_flags(what)), size,
                   what);
}

unsigned long kloom_local_operate(volatile void* ptr, unsigned int size,
                                  kloom_percpu_operation operation, unsigned long operand,
                                  unsigned long expected) {
    KLOOM_API();
    const Operation what{operation, operand, expected};
    machine().step_access(address_of(ptr), size, step_flags(what), machine().current().call_pc);
    return perform(address_of(ptr), size, what);
}

bool kloom_percpu_compare_exchange_double(volatile void* ptr, const unsigned long* expected,
                                          const unsigned long* desired) {
    KLOOM_API();
    using namespace kloom::trace;
    constexpr uint32_t kBytes = 2 * sizeof(unsigned long);
    const uint16_t tried = kCpuAtomic | kRead | kWrite;
    const uintptr_t copy = kernel().percpu->step_operation(address_of(ptr), kBytes, tried);
    const bool stores = !is_accessible(copy, kBytes) ||
                        std::memcmp(reinterpret_cast<void*>(copy), expected, kBytes) == 0;
    machine().emit_access(copy, kBytes, stores ? tried : kCpuAtomic | kRead | kFailedCompare,
                          machine().current().call_pc);
    if (stores) std::memcpy(reinterpret_cast<void*>(copy), desired, kBytes);
    return stores;
}

}  // extern "C"
