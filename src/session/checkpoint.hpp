// Checkpoint: what a search has done and what is left of it, in a file from which it goes on later.
//
// The file is text and replaced whole, so that there is never half of one. It belongs to one search: the same program, surroundings and strategy; how much time and
// how many workers it is given may change.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "explore/strategy.hpp"
#include "trace/outcome.hpp"

namespace kloom::session {

// What a stage has done since the visible locations are what they are.
struct StageState {
    std::string name;
    uint64_t events = 0;  // of all its starts
    uint64_t executions = 0;
    uint64_t cut = 0;
    bool left_something_out = false;
};

struct SearchState {
    trace::Claim claim;
    uint64_t events_since_error = 0;
    StageState stage;
    std::vector<explore::Part> parts;  // of the stage, in order; none: it starts from the beginning
    std::vector<uintptr_t> visible;    // addresses
    struct Found {
        trace::Schedule schedule;
        uint64_t execution = 0;
    };
    std::vector<Found> found;  // executions that showed something
};

// `key` tells searches apart. Errors: the file cannot be written.
base::Result<void> write_checkpoint(const std::string& path, const std::string& key,
                                    const SearchState& state);
// Errors: it is no checkpoint, or that of another search.
base::Result<SearchState> read_checkpoint(const std::string& path, const std::string& key);

}  // namespace kloom::session
