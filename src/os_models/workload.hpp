// Workload: what the processes of a simulated system do, and what its hardware costs. Times are in nanoseconds.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "base/prng.hpp"
#include "base/result.hpp"

namespace kloom::os_models {

enum class Shape : uint8_t {
    Constant,
    Uniform,      // from 0 to twice the mean
    Exponential,  // memoryless; what queueing theory has exact answers for
    Heavy,        // Pareto with index 2, cut at a thousand times the mean: most are short, a few very long
};

// A random time.
struct Span {
    double mean_ns = 0;
    Shape shape = Shape::Exponential;

    uint64_t draw(base::Prng& prng) const;
};

enum class Placement : uint8_t {
    Even,    // processes are dealt out to the CPUs in turn
    Random,  // each belongs to a CPU by chance, as users log in where they like
};

enum class Preempt : uint8_t { None, Voluntary, Full };

// Processes that wait for their user, compute little, and should then run at once.
struct Interactive {
    uint32_t processes = 0;
    Span think{10e6, Shape::Exponential};
    Span compute{100e3, Shape::Constant};
};

struct Workload {
    std::string name = "unnamed";
    double processes_per_cpu = 1;
    uint32_t processes = 0;  // of the whole system; 0: processes_per_cpu counts
    Placement placement = Placement::Even;

    Span compute{90e3};  // before each system call
    Span think{0};       // after it

    Span call{10e3};
    double locked_share = 1;  // of a call's time in its region; the rest comes before it, outside of locks
    std::array<double, 4> mix{1, 1, 1, 1};  // weights of read, write, memory, process

    uint32_t frames_per_cpu = 1024;
    uint32_t pages_per_process = 0;  // a memory call wants a number from 0 to twice this

    uint32_t blocks = 64;
    double blocks_per_cpu = 0;  // added for each CPU
    uint32_t buffers_per_cpu = 64;
    double hot_share = 0;  // of the accesses that go to the first tenth of the blocks, beyond their even share

    Span disk{0};        // 0: blocks appear at once
    uint32_t disks = 0;  // 0: as many as are needed

    uint64_t dispatch_ns = 0;
    uint64_t migration_ns = 0;
    uint64_t interrupt_ns = 0;
    uint64_t lock_transfer_ns = 0;  // a lock's cache line comes from another CPU
    uint64_t lock_waiter_ns = 0;    // each CPU that waits for a lock delays its hand-over; 0: a queue lock (MCS)

    uint64_t slice_ns = 10'000'000;
    Preempt preempt = Preempt::None;
    bool master_computes = true;

    Interactive interactive;

    // On a system with that many CPUs that compute.
    uint32_t processes_with(uint32_t computing_cpus) const;
    uint32_t blocks_with(uint32_t cpus) const;
    // Of the time of a round, in its system call.
    double system_share() const;
};

// A preset by its name, or a TOML file (docs/reference/workload.md). Errors: neither; a file that is not TOML, an
// unknown key, or a value out of range, with the line.
base::Result<Workload> load_workload(const std::string& name_or_file);

// Changes one value: "calls.mean = 5us". Errors as above.
base::Result<void> change_workload(Workload& workload, const std::string& assignment);

// The keys of files and changes, each once.
std::vector<std::string> workload_keys();

}  // namespace kloom::os_models
