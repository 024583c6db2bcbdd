// A simulation's result for programs, and for the page that draws it. The schema is
// docs/reference/simulate_json.md.
#pragma once

#include <string>

#include "trace/scaling.hpp"

namespace kloom::report {

// A JSON document that ends with a line feed.
std::string scaling_json(const trace::ScalingResult& result);

}  // namespace kloom::report
