// Story: the few events of an execution that tell how a defect came about, ready to be printed.
//
// An execution has thousands of events; a reader wants the five that matter. Which they are is
// decided in story_selection.hpp, what they are called in step_words.hpp; both renderers print the
// same steps.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "trace/outcome.hpp"

namespace kloom::report {

enum class StepKind : uint8_t {
    Access,   // a memory access
    Lock,     // a lock is wanted, taken or released
    Memory,   // an allocation or a free
    Context,  // what runs on a CPU, and what may interrupt it, changes
    Other,
    Ellipsis,  // stands for `skipped` steps that are not told
};

struct StoryStep {
    int number = 0;  // from 1; 0 for an ellipsis
    StepKind kind = StepKind::Other;
    trace::CpuId cpu = trace::kNoCpu;
    trace::PathId path = trace::kNoPath;
    trace::PathId runs_next =
        trace::kNoPath;          // on that CPU; another path than `path` when a handler returns
    std::string path_name;       // "kthread/0"
    std::string path_full_name;  // "kthread/0 (pid 102)"
    trace::SourceLocation place;
    std::string source;  // text of that line; empty for what no line of the module does
    std::string what;    // "reads V = 1", "takes lock", "irq 19 arrives"
    std::string value;   // "1"; accesses only
    std::string note;    // "overwrites step 3"
    trace::EventKind event_kind = trace::EventKind::Count_;  // Count_: no event stands behind it
    trace::PathKind path_kind = trace::PathKind::Task;
    bool is_site = false;  // the finding itself names this event
    uint64_t event = 0;    // number of the event
    size_t skipped = 0;
};

// Something that happened after the finding and confirms it: an assertion.
struct Aftermath {
    bool is_at_unload = false;
    std::string what;  // "WARN_ON(V != 3)"
    trace::SourceLocation place;
};

struct Story {
    std::vector<StoryStep> steps;
    std::vector<Aftermath> aftermath;
    std::vector<uintptr_t> objects;   // addresses of the heap objects that appear
    std::vector<std::string> legend;  // "the object: 16 bytes, allocated at a.c:12"
    std::string message;              // the finding's, with names in place of its placeholders
    trace::SourceLocation place;      // where the defect shows
};

Story tell_story(const trace::ShownFinding& shown, const trace::Symbols& symbols);

}  // namespace kloom::report
