// Check: from a built module to the outcome of a search, with each finding minimised and recorded.
#pragma once

#include "base/result.hpp"
#include "session/program.hpp"
#include "session/search.hpp"
#include "trace/outcome.hpp"

namespace kloom::session {

// Explores `program`. The findings come most important first; each has a minimal schedule and the recording of the
// execution that the schedule leads to.
base::Result<trace::Outcome> check(Program& program, const SearchOptions& options, const ProgressListener& listener);

// Runs `schedule` once and records it. An error when it does not fit. The outcome holds what showed; when `finding_id` is
// not empty that finding comes first.
base::Result<trace::Outcome> replay(Program& program, const trace::Schedule& schedule, const std::string& finding_id);

// One execution without deviations, as an undisturbed machine would run it.
base::Result<trace::Outcome> run_once(Program& program);

}  // namespace kloom::session
