// What a simulation of whole operating systems measured: for each organisation a curve, for each number of CPUs a
// point. Made by os_models, rendered by report.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kloom::trace {

// A mean over independent runs with different seeds, and half the width of its 95 % confidence interval (Student's t).
// The half width is 0 when there was one run only: then nothing is known about it, and none is shown.
struct Estimate {
    double mean = 0;
    double half_width = 0;
};

// The name of the queue of processes that wait for a CPU.
inline constexpr const char* kReadyQueue = "ready processes";

// A place where processes or CPUs queue: a lock, the master, the ready processes, the disk.
struct QueueFigures {
    std::string name;      // "big lock", "master", "memory lock", "ready processes", "disk"
    Estimate waiting;      // mean number that wait
    Estimate wait_us;      // mean time that one waits, those that need not wait included
    Estimate utilisation;  // share of time in which it is in use; of the busiest one where there are several of a kind
};

// How long a process that could run waited until it ran. Times of all seeds together, in microseconds.
struct LatencyFigures {
    uint64_t count = 0;
    double p50_us = 0;
    double p95_us = 0;
    double p99_us = 0;
    double max_us = 0;
};

// A column of a histogram of latencies: `count` were above the column before and at most `up_to_us`.
struct LatencyColumn {
    double up_to_us = 0;
    uint64_t count = 0;
};

struct ScalingPoint {
    int cpus = 0;
    int processes = 0;
    Estimate throughput;  // rounds (compute, then a system call) that processes finished, per second of virtual time
    Estimate speed_up;    // against one CPU of the same organisation
    Estimate efficiency;  // speed-up / CPUs

    // Shares of all CPU time; together 1.
    Estimate user;
    Estimate system;     // kernel work: system calls, dispatching, interrupts
    Estimate lock_wait;  // waiting for locks
    Estimate idle;

    Estimate idle_beside_loaded;   // share of CPU time idle while a process waited for some other CPU
    Estimate paging;               // page-outs per second
    Estimate paging_beside_free;   // of those, while another CPU's partition had free pages
    Estimate stale_reads;          // share of file reads that returned what another cache had overwritten
    std::vector<QueueFigures> queues;
    LatencyFigures dispatch;     // of all processes
    LatencyFigures interactive;  // of the interactive process; count is 0 when there is none
    std::vector<LatencyColumn> interactive_histogram;
    std::optional<double> theory;  // throughput that queueing theory gives, where it has an exact answer
    uint64_t events = 0;           // simulated kernel events, all seeds together
};

struct ScalingCurve {
    std::string id;     // "smp", as on the command line
    std::string title;  // "SMP, one big lock"
    std::vector<ScalingPoint> points;  // by CPUs
    // The first number of CPUs from which on twice as many always give less than 10 % more; 0 when there is none in the
    // sweep.
    int saturates_at = 0;
};

struct ScalingResult {
    std::string workload;               // its name
    std::vector<std::string> settings;  // what was simulated, a line each: "10 % of the time in system calls"
    uint64_t first_seed = 0;
    int seeds = 0;
    double time_us_per_round = 0;  // mean compute and system call time of a round
    double system_share = 0;       // of that, in system calls
    std::vector<ScalingCurve> curves;
};

}  // namespace kloom::trace
