// Faults: signals of the host that the code under test causes.
//
// The code under test runs natively, so a wild pointer that no hook saw, a division by zero, a stack overflow or a loop
// without any instrumented access ends in a signal. Here signals become findings, and the execution is left by a fiber
// switch out of the handler; the search goes on. Privileged instructions that modules use on purpose (int, cli, sti,
// port input and output) are carried out on the virtual machine instead.
//
// A fault outside an execution, or in kloom's own code, is not handled: the process dies and its supervisor says so.
#pragma once

#include "trace/finding.hpp"

namespace kloom::session {

// Seconds of CPU time that a path may run without a visible step before it counts as an endless loop.
inline constexpr int kSilentSecondsMax = 2;

// Installs the handlers for this process. `sink` outlives them.
void install_fault_handlers(trace::FindingSink& sink);
// Looks for such loops from now on; a forked process has to ask for that again.
void start_watchdog();

}  // namespace kloom::session
