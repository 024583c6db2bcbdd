// Fences that make the other CPUs pay, so that fast paths need none.
#pragma once

namespace percpu::detail {

// Makes every running thread of the process pass a full memory barrier and restarts every sequence that is in progress:
// when it returns, each sequence has committed before the call, or sees what was stored before the call.
// False when the kernel cannot (before Linux 5.10, or a filter); then nothing is promised.
bool restart_all_sequences();

// Whether restart_all_sequences() will work. Constant in a process.
bool can_restart_sequences();

// The barrier alone. False when the kernel cannot.
bool fence_all_threads();

}  // namespace percpu::detail
