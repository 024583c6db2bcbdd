// A simulation's result as one HTML page with charts. The page needs no network and no other file:
// style, scripts and figures are in it. Its skeleton, style and script are the files
// scaling_page.*; Chart.js draws.
#pragma once

#include <string>

#include "trace/scaling.hpp"

namespace kloom::report {

std::string scaling_html(const trace::ScalingResult& result);

}  // namespace kloom::report
