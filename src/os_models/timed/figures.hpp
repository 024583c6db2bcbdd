// Figures: what one run of the timed simulator measured.
#pragma once

#include <array>
#include <cstdint>

#include "os_models/os/organisation.h"
#include "os_models/timed/histogram.hpp"

namespace kloom::os_models {

// What a CPU spends its time on.
enum class CpuTime : uint8_t { User, System, LockWait, Idle, Count_ };

// A place where somebody queues, watched in two independent ways: how many wait, over time, and how long each waited.
// Little's law says that they agree.
struct QueueMeter {
    uint64_t arrivals = 0;   // those that need not wait included
    uint64_t waited_ns = 0;  // of all whose wait is over
    uint64_t length_ns = 0;  // integral of `waiting` over time
    uint32_t waiting = 0;
    uint64_t changed_at_ns = 0;

    void change(int by, uint64_t now_ns) {
        length_ns += waiting * (now_ns - changed_at_ns);
        changed_at_ns = now_ns;
        waiting += static_cast<uint32_t>(by);
    }
    void begin_anew(uint64_t now_ns) { *this = {.waiting = waiting, .changed_at_ns = now_ns}; }
};

struct Figures {
    uint64_t measured_ns = 0;
    uint64_t events = 0;  // kernel events, from the start of the run
    uint64_t rounds = 0;
    std::array<uint64_t, static_cast<size_t>(CpuTime::Count_)> cpu_ns{};  // [CpuTime], of all CPUs
    uint64_t master_busy_ns = 0;                                          // CPU 0, in system mode
    std::array<QueueMeter, OS_REGIONS> lock_meters;
    std::array<uint64_t, OS_REGIONS> lock_held_ns{};  // of the lock of its class that was held longest
    QueueMeter ready;
    QueueMeter master;
    QueueMeter disk;  // arrivals and waits only
    uint64_t disk_busy_ns = 0;
    uint64_t idle_beside_loaded_ns = 0;  // integral of min(idle CPUs, ready processes)
    uint64_t beside_changed_at_ns = 0;
    uint64_t page_outs = 0;
    uint64_t page_outs_beside_free = 0;
    uint64_t reads = 0;
    uint64_t stale_reads = 0;
    LatencyHistogram dispatch;
    LatencyHistogram interactive;
};

}  // namespace kloom::os_models
