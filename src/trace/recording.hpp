// Recording: one execution in full, for reports.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "trace/event.hpp"
#include "trace/finding.hpp"
#include "trace/path.hpp"
#include "trace/schedule.hpp"

namespace kloom::trace {

// An Event whose words and state of its path belong to its Recording. For accesses `value` is what was read or, for writes,
// what was written (up to 8 bytes).
struct RecordedEvent {
    Event event;

    std::string_view text() const { return event.text != nullptr ? event.text : ""; }
    std::string_view detail() const { return event.detail != nullptr ? event.detail : ""; }
    // The path as it was then; that of no path for an event without one.
    const PathInfo& info() const;
};

// Executions of hundreds of thousands of events are recorded, so an event takes no memory beyond itself: what many have in
// common is kept once.
class Recording {
  public:
    std::vector<RecordedEvent> events;
    std::vector<PathInfo> paths;  // every path that ran, by first appearance

    Recording() = default;
    Recording(Recording&&) = default;  // events point into states_ and words_, whose elements stay where they are
    Recording& operator=(Recording&&) = default;

    // Appends the event with copies of what it points to.
    RecordedEvent& add(const Event& event);

  private:
    const PathInfo* keep(const PathInfo& state);
    const char* keep(const char* word) { return word != nullptr ? words_.insert(word).first->c_str() : nullptr; }

    std::deque<std::deque<PathInfo>> states_;  // [path], each state that it was seen in
    std::set<std::string, std::less<>> words_;
};

// A finding together with the execution that shows it.
struct ShownFinding {
    Finding finding;
    Schedule schedule;                           // minimised
    uint64_t execution = 0;                      // of the search, from 1, that showed it first; 0: there was no search
    std::shared_ptr<const Recording> recording;  // findings of one schedule share it
};

}  // namespace kloom::trace
