// The report for programs: one JSON document, described in docs/reference/json.md.
#pragma once

#include <string>

#include "report/report.hpp"

namespace kloom::report {

std::string render_json(const Report& report);

}  // namespace kloom::report
