// The generator behind get_random_bytes() and its relatives.
#pragma once

#include <cstdint>

namespace kloom::kernel {

// Starts anew; called at the begin of an execution.
void reset_random();

}  // namespace kloom::kernel
