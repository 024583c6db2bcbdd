// A simulation's result as comma-separated values, for spreadsheets and plotting programs: a row
// for each point.
#pragma once

#include <string>

#include "trace/scaling.hpp"

namespace kloom::report {

// With a header row; text is quoted as RFC 4180 says, rows end with a line feed alone, as Unix
// tools expect. Numbers have all their digits, shares are of 1, and what is not known is empty.
std::string scaling_csv(const trace::ScalingResult& result);

}  // namespace kloom::report
