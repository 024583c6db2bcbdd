// What every renderer gets.
#pragma once

#include <string>
#include <vector>

#include "trace/outcome.hpp"

namespace kloom::report {

// How to see one finding again.
struct ReplayPointer {
    std::string trace;    // path of the trace file; empty if none was written
    std::string command;  // "kloom replay a-1.trace"
};

// Both references outlive the rendering.
struct Report {
    const trace::Outcome& outcome;
    const trace::Symbols& symbols;
    std::vector<ReplayPointer> replays;  // [finding]; may be shorter than the findings
    bool is_replay = false;              // one stored schedule was run, nothing was searched
    int exit_code = 0;
};

}  // namespace kloom::report
