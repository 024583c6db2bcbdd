// Where the copies of a per-CPU variable lie.
//
// A per-CPU variable is named by a *handle*, the address that it would have in the first unit of its chunk. All copies lie at
// constant distances from it, so an operation needs the handle, the CPU's number and two constants, and no table:
//
//     handle -> +0           +1 unit        +2 units      +3 units
//               [ no access ][ no-CPU unit ][ CPU 0     ][ CPU 1     ] ... one unit for each possible CPU
//
// The first unit cannot be accessed: who takes a handle for an address and follows it is stopped at once instead of
// changing the copy of CPU 0. The second holds the copies of threads that have no rseq; "CPU -1" is its number.
#pragma once

#include <cstddef>
#include <cstdint>

namespace percpu::detail {

// Distance between the copies of two neighbouring CPUs; also the size of the largest variable. The sequences spell these
// numbers in their text.
inline constexpr int kUnitShift = 16;
inline constexpr std::size_t kUnitBytes = std::size_t{1} << kUnitShift;

// Number of the copy that threads without rseq share.
inline constexpr int kNoCpu = -1;

inline constexpr std::size_t kNoCpuOffset = kUnitBytes;
inline constexpr std::size_t kFirstCpuOffset = 2 * kUnitBytes;

using Handle = std::uintptr_t;

// Two words that are exchanged at once.
struct Pair {
    std::uint64_t low;
    std::uint64_t high;
};

// Address of the copy of `cpu`, kNoCpu included.
inline std::uintptr_t copy_address(Handle handle, int cpu) {
    return handle + kFirstCpuOffset + static_cast<std::uintptr_t>(static_cast<std::intptr_t>(cpu)) * kUnitBytes;
}

}  // namespace percpu::detail
