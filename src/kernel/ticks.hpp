// Timeouts in ticks (jiffies), as deadlines of the machine's clock.
#pragma once

#include "kernel/kernel.hpp"

namespace kloom::kernel {

inline VirtualTime tick_ns() {
    return trace::kNanosecondsPerSecond / machine().config().hz;
}

// When a timeout of `ticks` from now ends: at a tick. Never 0.
inline VirtualTime deadline_in_ticks(unsigned long ticks) {
    return (machine().now() / tick_ns() + ticks) * tick_ns() + (ticks == 0 ? 1 : 0);
}

// What is left of it.
inline long ticks_until(VirtualTime deadline) {
    return machine().now() >= deadline
               ? 0
               : static_cast<long>(deadline / tick_ns() - machine().now() / tick_ns());
}

}  // namespace kloom::kernel
