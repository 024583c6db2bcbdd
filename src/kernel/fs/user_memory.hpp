// User memory: one window of addresses, with a part for each user process.
//
// A process's part holds the buffers of its system calls. Only the process that owns a part can
// reach it, as if the others had page tables of their own; everything else in the window faults.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "machine/machine.hpp"

namespace kloom::kernel {

class UserMemory {
  public:
    static constexpr uintptr_t kBegin = 0x100000000000;
    static constexpr size_t kProcessBytes = size_t{4} << 20;
    static constexpr size_t kProcessesMax = 256;
    static constexpr uintptr_t kEnd = kBegin + kProcessBytes * kProcessesMax;

    explicit UserMemory(machine::Machine& machine);
    ~UserMemory();
    UserMemory(const UserMemory&) = delete;
    UserMemory& operator=(const UserMemory&) = delete;

    // Gives `task` a part of its own; returns its address, 0 when there is none left.
    uintptr_t attach(const machine::Task& task);
    // The part of the running task, 0 if it has none.
    uintptr_t current() const;
    // Bytes at `address` that the running task can reach, at most `size`.
    size_t reachable(uintptr_t address, size_t size) const;
    // Says that bytes up to `end` were written: they are cleared before the next execution.
    void note_written(uintptr_t end);

    // pagefault_disable() nests; it belongs to the running task.
    void change_pagefault_depth(int change);
    int pagefault_depth() const;

    void begin_execution();

  private:
    machine::Machine& machine_;
    size_t used_ = 0;  // parts given away in this execution
    std::array<uintptr_t, kProcessesMax>
        written_end_{};                                 // [part] one past the highest byte written
    std::array<uint16_t, trace::kPathsMax> part_of_{};  // [path] part + 1; 0: none
    std::vector<trace::PathId> attached_;
    std::array<int8_t, trace::kPathsMax> pagefault_depth_{};  // [path]
    bool has_pagefault_depth_ = false;
};

}  // namespace kloom::kernel
