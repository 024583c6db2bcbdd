// The report for people: what a terminal shows after `kloom check` and `kloom replay`.
#pragma once

#include <string>

#include "report/report.hpp"

namespace kloom::report {

struct TerminalOptions {
    size_t columns = 100;
    bool is_coloured = false;
    bool shows_all = false;  // every finding in full
};

// Errors come in full when they are few, otherwise the first in full and one line for each other;
// warnings take one line.
std::string render_terminal(const Report& report, const TerminalOptions& options);

// One line for each finding; errors only unless all are asked for. Empty when there is nothing to
// say.
std::string render_heads(const Report& report, const TerminalOptions& options);

}  // namespace kloom::report
