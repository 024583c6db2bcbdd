// Fibers: one stack and one saved context per kernel control path.
//
// The switch itself is Boost.Context's fcontext (a few ns, no signal mask, no unwinding). Stacks lie in one fixed window
// with a guard page below each, so that an address on a stack repeats in every execution and an overflow faults.
// This is the only file that switches contexts.
#pragma once

#include <cstddef>
#include <cstdint>

namespace kloom::machine {

struct Fiber {
    void* context = nullptr;  // where to continue; set when it is switched away from
};

// The window of all stacks. One per machine.
class StackPool {
  public:
    static constexpr uintptr_t kBegin = 0x300000000000;
    static constexpr size_t kStrideBytes = 256 * 1024;
    static constexpr size_t kGuardBytes = 16 * 1024;

    explicit StackPool(int count);
    ~StackPool();
    StackPool(const StackPool&) = delete;
    StackPool& operator=(const StackPool&) = delete;

    int count() const { return count_; }
    // Lowest usable address of stack `index` and one past its highest.
    uintptr_t bottom(int index) const { return kBegin + static_cast<size_t>(index) * kStrideBytes + kGuardBytes; }
    uintptr_t top(int index) const { return kBegin + (static_cast<size_t>(index) + 1) * kStrideBytes; }
    // Makes sure that the stacks up to `index` have their guard pages. Lazy: most programs need a few stacks only.
    void guard(int index);
    // Index of the stack whose guard area holds `address`; -1 if none.
    int guard_of(uintptr_t address) const;

  private:
    int count_;
    int guarded_ = 0;  // stacks [0, guarded_) have guard pages
};

// Prepares `fiber` to run `entry()` on the stack when it is first switched to. `entry` never returns.
// Requires: stack_top is a multiple of StackPool::kStrideBytes.
void prepare_fiber(Fiber& fiber, uintptr_t stack_top, size_t stack_bytes, void (*entry)());

// The same on a stack of this size, for thousands of fibers that do little. Requires: stack_top is a multiple of it.
inline constexpr size_t kSmallStackBytes = 16 * 1024;
void prepare_small_fiber(Fiber& fiber, uintptr_t stack_top, void (*entry)());

// Continues `to`; returns when somebody switches back to `from`.
void switch_fiber(Fiber& from, Fiber& to);

}  // namespace kloom::machine
