// Ids and units of the virtual machine that every layer shares.
#pragma once

#include <cstdint>

#include "base/ids.hpp"

namespace kloom::trace {

// A virtual CPU, 0 .. cpus-1.
using CpuId = base::StrongId<struct CpuTag, uint16_t>;

// A kernel control path within one execution; dense, so that it indexes vector clocks. Tasks get fresh ids in creation
// order. All softirq (hardirq) handlers that run on one CPU at one nesting depth share one id: they never overlap, so
// chaining their clocks loses nothing.
using PathId = base::StrongId<struct PathTag, uint16_t>;

inline constexpr CpuId kNoCpu{0xffff};
inline constexpr PathId kNoPath{0xffff};
inline constexpr int kCpusMax = 64;
inline constexpr int kPathsMax = 1024;

// Nanoseconds of the machine's clock since its boot. No wall clock is ever read.
using VirtualTime = uint64_t;

inline constexpr VirtualTime kNanosecondsPerSecond = 1'000'000'000;

}  // namespace kloom::trace
