// Execution: what a search over equivalence classes knows of one execution.
//
// A process is whatever runs its own sequence of steps: a task, or one run of a handler. That a CPU
// switches from one process to another is no step: only what a program can observe is. What a
// process keeps others of its CPU from doing meanwhile is its standing.
#pragma once

#include <cstdint>
#include <vector>

#include "trace/operation.hpp"

namespace kloom::explore {

using Process = uint16_t;  // an index into Execution::processes

enum class Level : uint8_t { Task, Softirq, Hardirq };

// How a process stands between two of its steps.
struct Standing {
    bool is_handling = false;     // a handler that has begun and not ended
    bool preemption_off = false;  // no other task may run on the CPU
    bool irqs_off = false;        // nothing else may
};

struct ProcessInfo {
    Level level = Level::Task;
    trace::CpuId cpu;
};

struct Step {
    Process process = 0;
    trace::OperationKind kind = trace::OperationKind::Access;
    trace::Footprint footprint;
    Standing after;
};

struct Execution {
    std::vector<ProcessInfo> processes;
    std::vector<Step> steps;    // in the order in which they were done
    std::vector<Step> pending;  // at the end, what each process that has not ended would do next
};

// Whether a process that stands so on the CPU of another one, at `level`, keeps it from stepping.
inline bool excludes(const ProcessInfo& holder, const Standing& standing,
                     const ProcessInfo& other) {
    if (holder.cpu != other.cpu) return false;
    if (standing.irqs_off || (standing.is_handling && other.level <= holder.level)) return true;
    return standing.preemption_off && other.level == Level::Task;
}

// Whether the order of the two steps, of different processes, may matter. That a lock is released
// matters to nobody but him who takes it next, and then the order of taking says it all.
inline bool depends(const Step& a, const Step& b) {
    using trace::OperationKind;
    const auto is_lock = [](const Step& step) {
        return step.kind == OperationKind::Acquire || step.kind == OperationKind::Release;
    };
    if (a.footprint.scope == trace::Scope::CpuLocal || b.footprint.scope == trace::Scope::CpuLocal)
        return false;
    if (is_lock(a) && is_lock(b))
        return a.kind == OperationKind::Acquire && b.kind == OperationKind::Acquire &&
               a.footprint.address == b.footprint.address;
    if (a.footprint.scope == trace::Scope::Global || b.footprint.scope == trace::Scope::Global)
        return true;
    if (!a.footprint.is_write && !b.footprint.is_write) return false;
    return a.footprint.address < b.footprint.address + b.footprint.size &&
           b.footprint.address < a.footprint.address + a.footprint.size;
}

}  // namespace kloom::explore
