// What the benchmark measures, compiled by each compiler and as a shared object.
#pragma once

#include <cstdint>
#include <vector>

namespace kloom::bench {

// One loop, several times in the program. Whether a CPU forwards a store to the next load at once or after seven cycles depends on
// predictors that a loop trains once and keeps; the fastest of several copies is the loop's own speed.
struct Workload {
    const char* name;
    void (*clones[4])(std::uint64_t operations);
};

// By the compiler of the project; by clang, if it is installed; in a -fPIC shared object. The first is always the reference.
std::vector<Workload> workloads_here();
std::vector<Workload> workloads_clang();
std::vector<Workload> workloads_shared();

}  // namespace kloom::bench
