// Stacks: one small stack for each CPU of the timed simulator.
//
// They lie together in huge pages, since a step goes to another stack each time and would miss the TLB at every one; so
// there are no guard pages between them. The operating systems' code needs less than a tenth of one.
#pragma once

#include <cstdint>

#include "machine/fiber.hpp"

namespace kloom::os_models {

class Stacks {
  public:
    explicit Stacks(uint32_t count);
    ~Stacks();
    Stacks(const Stacks&) = delete;
    Stacks& operator=(const Stacks&) = delete;

    uint32_t count() const { return count_; }
    uintptr_t top(uint32_t index) const { return begin_ + (uintptr_t{index} + 1) * machine::kSmallStackBytes; }

  private:
    uint32_t count_;
    void* memory_;
    uintptr_t begin_;
};

}  // namespace kloom::os_models
