// CPUs that a module names by number.
#pragma once

#include "kernel/kernel.hpp"

namespace kloom::kernel {

// The CPU with this number. For one that does not exist, where Linux would use memory of nobody: a warning, and the current
// CPU, since the module may be right on a larger machine.
CpuId named_cpu(int cpu);

}  // namespace kloom::kernel
