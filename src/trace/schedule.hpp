// Schedule: the choices that determine an execution, and their file.
//
// Only deviations from the default are stored, each with its position. A trace file is small text:
//
//   kloom-trace 1
//   program 6f1c0e...            hash of the sources and flags; replay refuses another program
//   arguments check a.c --cpus 2 the command that made it, one argument per line after this one's count
//   finding lost-update
//   choice 17 step cpu1
//   choice 23 interrupt cpu0 19
//   end
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "trace/choice.hpp"

namespace kloom::trace {

struct Deviation {
    uint64_t position = 0;
    Choice choice;
    uint8_t cost = 0;

    friend bool operator==(const Deviation&, const Deviation&) = default;
};

using Schedule = std::vector<Deviation>;

struct TraceFile {
    std::string program_hash;
    std::vector<std::string> arguments;  // of the command line that found it, without the program name
    std::string finding_id;
    Schedule schedule;
};

// "step cpu1", "interrupt cpu0 19", "preempt cpu0 path5", "migrate cpu0 cpu1", "timer cpu0", "advance".
std::string to_string(const Choice& choice);
base::Result<Choice> parse_choice(std::string_view text);

std::string format_trace(const TraceFile& trace);
// Errors name the line.
base::Result<TraceFile> parse_trace(std::string_view text);

}  // namespace kloom::trace
