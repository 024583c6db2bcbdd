// Operations and their footprints: what one step of a path touches.
//
// A step is one visible operation and the invisible code after it. A path is always parked in front of its pending
// operation, so a strategy can ask, without running anything, whether two pending steps commute: they do when their
// footprints do not conflict. The relation is conservative: whatever touches scheduling state is `Global` and commutes
// with nothing.
#pragma once

#include <cstdint>

#include "trace/ids.hpp"

namespace kloom::trace {

enum class Scope : uint8_t {
    Memory,    // bytes [address, address + size)
    Object,    // a synchronisation object (lock, wait queue, completion) identified by its address
    CpuLocal,  // only the CPU's own state: preempt count, interrupt flag
    Global,    // run queues, wake-ups, time, creation and end of paths
};

struct Footprint {
    uintptr_t address = 0;
    uint32_t size = 0;
    Scope scope = Scope::Global;
    bool is_write = true;
    CpuId cpu = kNoCpu;  // CpuLocal: the CPU concerned; otherwise the CPU of the path that steps
};

// True when the order of the two steps may matter. Symmetric.
constexpr bool conflicts(const Footprint& a, const Footprint& b) {
    if (a.scope == Scope::Global || b.scope == Scope::Global) return true;
    if (a.cpu == b.cpu) return true;  // the same CPU runs one path at a time: its order is a choice
    if (a.scope == Scope::CpuLocal || b.scope == Scope::CpuLocal) return false;
    if (!a.is_write && !b.is_write) return false;
    if (a.scope == Scope::Object && b.scope == Scope::Object) return a.address == b.address;
    return a.address < b.address + b.size && b.address < a.address + a.size;
}

// What the operation is, for reports and statistics; the search looks at the footprint only.
enum class OperationKind : uint8_t {
    Begin,     // the first step of a path
    Access,    // a memory access of instrumented code
    Acquire,   // takes a lock-like object; blocked while it is taken
    Release,   // releases one
    Sync,      // any other use of a synchronisation object: wake, wait, complete, queue
    Local,     // preempt_disable, local_irq_enable and the like
    Schedule,  // yields, sleeps, creates a task, ends
    Delay,     // busy-waits for virtual time
};

struct Operation {
    OperationKind kind = OperationKind::Begin;
    Footprint footprint;
    uintptr_t pc = 0;  // in the module; 0 if none

    // Whether the operation can be done now; null means always. Called by the machine whenever it collects choices, so
    // it must be cheap and must not change anything. `argument` outlives the pending operation.
    bool (*is_ready)(const void* argument) = nullptr;
    const void* ready_argument = nullptr;
};

}  // namespace kloom::trace
