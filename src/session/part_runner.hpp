// Running executions one after another, as a search does and its workers do.
#pragma once

#include <cstdint>
#include <vector>

#include "explore/strategy.hpp"
#include "session/program.hpp"

namespace kloom::session {

// What a search has to know of an execution that it did not run itself.
struct ExecutionRecord {
    uint32_t steps = 0;
    uint32_t events = 0;
    trace::ExecutionEnd end = trace::ExecutionEnd::Complete;
    uint8_t left_out = 0;   // trace::LeftOut
    bool has_news = false;  // a finding or a visible location that was not known where it was run
};

// Runs the strategy's next execution, which it has begun. Its findings keep execution number 0.
ExecutionRecord run_execution(Program& program, explore::Strategy& strategy);

struct PartResult {
    std::vector<ExecutionRecord> records;    // in order
    std::vector<trace::Schedule> schedules;  // of those with news, in order
    std::vector<explore::Part> rest;         // not yet run, in order
    double progress = 0;                     // of the whole strategy, at its end
    bool leaves_something_out = false;
    bool has_diverged = false;
};

// Runs a part until it is done, `events_max` events were observed or a location became visible: no
// execution after that one counts.
PartResult run_part(Program& program, explore::Strategy& strategy, const explore::Part& part,
                    uint64_t events_max);

}  // namespace kloom::session
