// What was proven, in words. Every wording follows from trace::Claim alone.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "trace/outcome.hpp"

namespace kloom::report {

// The claim of a search that found no error: "all interleavings explored (34 executions in 12 ms,
// no bound)".
std::string claim_text(const trace::Claim& claim);
// The same beside a finding, which is certain whatever else was explored.
std::string claim_text_beside_finding(const trace::Claim& claim);
// "exhaustive", "bounded", "sampled", "partial", "single".
std::string_view claim_kind_name(trace::ClaimKind kind);

// "0.4 ms", "12 ms", "3.2 s".
std::string duration_text(double seconds);
// "1,234,567"
std::string count_text(uint64_t count);
// "1 execution", "34 executions"
std::string counted(uint64_t count, std::string_view noun);

}  // namespace kloom::report
