// What a user asks for: the program, its surroundings, and the search.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "machine/machine.hpp"

namespace kloom::session {

struct IrqRequest {
    uint32_t line = 0;
    std::optional<uint16_t> cpu;  // the only CPU that it interrupts
    uint32_t times = 1;
};

// The next command line of a shell; none ends it. May wait for a person.
using CommandSource = std::function<std::optional<std::string>()>;

struct ProgramOptions {
    std::string name;  // what reports call the program; empty: its first source
    std::vector<std::string> sources;
    std::string compiler = "gcc";
    std::string kernel_version = "6.1";
    bool as_compiled = false;
    bool verbose = false;
    std::vector<std::string> compiler_flags;

    machine::MachineConfig machine;
    std::vector<std::pair<std::string, std::string>> parameters;  // module parameters
    std::vector<std::string> users;                               // command lines, each a user process
    std::vector<IrqRequest> irqs;
    trace::VirtualTime run_for_ns = 2 * trace::kNanosecondsPerSecond;  // between load and unload
    std::string script;  // if not empty: commands that load, use and unload the module themselves, in place of `users` and `run_for_ns`
    CommandSource shell;  // if set, the module is unloaded when this shell ends; run_for_ns does not count. For one execution
};

enum class StrategyKind : uint8_t {
    Portfolio,   // bounds 0, 1, 2, then everything, within the budget
    Bounded,     // up to `bound`
    Exhaustive,  // depth-first with sleep sets, no bound
    Random,      // uniform
    Pct,
    Pos,
};

struct SearchOptions {
    StrategyKind strategy = StrategyKind::Portfolio;
    int bound = 2;                          // Portfolio: the goal; Bounded: the last bound
    double budget_seconds = 10;
    // Portfolio: for the stage after the goal, when no budget was asked for, in events: about a second. Not in seconds, so
    // that the claim does not depend on how fast the machine is.
    uint64_t exhaustive_events = 9'000'000;
    // The same for a program with warnings: who has something to mend is not kept waiting.
    uint64_t exhaustive_events_with_warnings = 1'200'000;
    uint64_t budget_executions = ~uint64_t{0};
    uint64_t seed = 1;
    bool stop_at_first = false;
    std::string checkpoint;      // a file that the search goes on from, and keeps up to date; empty: none
    std::string checkpoint_key;  // what tells this search from others
    int workers = 1;  // processes that run executions side by side; what comes out does not depend on it
};

}  // namespace kloom::session
