// A simulation's result for a terminal: a table for each organisation, then all of them side by
// side.
#pragma once

#include <string>

#include "trace/scaling.hpp"

namespace kloom::report {

// At most 120 columns wide. Columns that are zero everywhere are left out.
std::string scaling_table(const trace::ScalingResult& result, bool is_coloured);

}  // namespace kloom::report
