// Recording: one execution in full, for reports.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "trace/event.hpp"
#include "trace/finding.hpp"
#include "trace/path.hpp"
#include "trace/schedule.hpp"

namespace kloom::trace {

// An Event that owns its words. For accesses `value` is what was read or, for writes, what was written (up to 8 bytes).
struct RecordedEvent {
    Event event;  // text, detail and info are null here
    PathInfo info;
    std::string text;
    std::string detail;
};

struct Recording {
    std::vector<RecordedEvent> events;
    std::vector<PathInfo> paths;  // every path that ran, by first appearance
    ExecutionSummary summary;
};

// A finding together with the execution that shows it.
struct ShownFinding {
    Finding finding;
    Schedule schedule;    // minimised
    Recording recording;
};

}  // namespace kloom::trace
