// What strategies, detectors and reports may know about a kernel control path.
#pragma once

#include <cstdint>

#include "trace/ids.hpp"

namespace kloom::trace {

enum class PathKind : uint8_t { Task, Softirq, Hardirq };

// Linux's preempt_count layout (include/linux/preempt.h of 6.1): 8 bits of preemption depth, 8 of softirq, 4 of hardirq.
inline constexpr uint32_t kPreemptOffset = 1u << 0;
inline constexpr uint32_t kPreemptMask = 0x000000ffu;
inline constexpr uint32_t kSoftirqOffset = 1u << 8;
inline constexpr uint32_t kSoftirqDisableOffset = 2u * kSoftirqOffset;
inline constexpr uint32_t kSoftirqMask = 0x0000ff00u;
inline constexpr uint32_t kHardirqOffset = 1u << 16;
inline constexpr uint32_t kHardirqMask = 0x000f0000u;

// The state of a path that rules are about. Owned by the machine, valid for the whole execution; observers read it.
struct PathInfo {
    PathId id = kNoPath;
    PathKind kind = PathKind::Task;
    bool irqs_disabled = false;   // local interrupts are off on its CPU, as seen by this path
    bool is_user = false;         // a user process; preemptible at any time while outside the kernel
    bool is_bound = false;        // may run on one CPU only (kthread_bind, per-CPU worker)
    CpuId cpu = kNoCpu;           // where it runs, or ran last
    uint32_t preempt_count = 0;   // Linux's; a handler's includes that of the path it interrupted
    uint32_t softirq_stand_ins = 0;  // lockdep_softirq_enter(): code that counts as a softirq's
    uint32_t line = 0;            // hardirq: interrupt line; softirq: vector number being run
    int32_t pid = 0;              // tasks only
    uint32_t migrations = 0;      // times it changed CPU in this execution
    PathId interrupted = kNoPath; // handlers: the path below on this CPU, if any
    char name[24] = {};           // comm of a task, "irq 19", "softirq TIMER"

    bool in_task() const { return !in_hardirq() && !in_serving_softirq(); }
    bool in_hardirq() const { return (preempt_count & kHardirqMask) != 0; }
    bool in_serving_softirq() const { return (preempt_count & kSoftirqOffset) != 0 || softirq_stand_ins != 0; }
    bool bh_disabled() const { return (preempt_count & kSoftirqMask) != 0; }
    // Neither preemption nor interrupts are off: the path may be preempted, may migrate and may sleep.
    bool is_preemptible() const { return preempt_count == 0 && !irqs_disabled; }
};

}  // namespace kloom::trace
