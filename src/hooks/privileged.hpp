// Privileged instructions of kernel code, carried out on the virtual machine.
//
// A module may contain `int $0x3b` (raise interrupt 11 by hand), `cli`, `sti`, `hlt` or port input and output as inline
// assembly. In user space they fault; the fault handler decodes them here.
#pragma once

#include <ucontext.h>

namespace kloom::hooks {

// Vectors of the sixteen ISA lines start here on x86 Linux.
inline constexpr int kIsaVectorBase = 0x30;

// When the instruction at the faulting address is one of those, arranges for its effect and returns true; the program
// then goes on after it. `registers` is the context of the signal.
bool emulate_privileged(ucontext_t& registers);

}  // namespace kloom::hooks
