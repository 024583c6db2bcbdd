#include "cli/output_arguments.hpp"

#include <sys/ioctl.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "cli/exit_codes.hpp"
#include "cli/messages.hpp"
#include "report/json.hpp"

namespace kloom::cli {
namespace {

constexpr size_t kColumnsMin = 40;
constexpr size_t kColumnsMax = 200;

bool is_dumb_terminal() {
    const char* term = std::getenv("TERM");
    return term == nullptr || std::string_view(term) == "dumb";
}

}  // namespace

void OutputArguments::add_to(CLI::App& command) {
    const std::string group = "Output";
    command.add_flag("--json", json_, "Print one JSON document (docs/reference/json.md)")
        ->group(group);
    command.add_flag("--all", all_, "Show every finding with its interleaving, warnings too")
        ->group(group);
    command.add_flag("--strict", strict_, "Exit with 1 for warnings too")->group(group);
    command
        .add_option("--color,--colour", colour_,
                    "auto (default), always or never; NO_COLOR is respected")
        ->check(CLI::IsMember({"auto", "always", "never"}))
        ->group(group);
}

report::TerminalOptions OutputArguments::terminal() const {
    report::TerminalOptions options;
    const bool is_terminal = isatty(STDOUT_FILENO) != 0;
    const char* no_colour = std::getenv("NO_COLOR");
    const bool wants_none = no_colour != nullptr && *no_colour != '\0';
    options.is_coloured = colour_ == "always" ||
                          (colour_ == "auto" && is_terminal && !is_dumb_terminal() && !wants_none);
    options.shows_all = all_;
    winsize size = {};
    if (is_terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col != 0)
        options.columns = std::clamp<size_t>(size.ws_col, kColumnsMin, kColumnsMax);
    return options;
}

void print_report(const report::Report& report, const OutputArguments& output) {
    print_text(output.json() ? report::render_json(report)
                             : report::render_terminal(report, output.terminal()));
}

int exit_code(const trace::Outcome& outcome, bool strict) {
    const auto counts = [&](const trace::ShownFinding& shown) {
        return strict || shown.finding.severity == trace::Severity::Error;
    };
    if (std::any_of(outcome.findings.begin(), outcome.findings.end(), counts)) return kExitFinding;
    return outcome.claim.reached_goal ? kExitClean : kExitIncomplete;
}

}  // namespace kloom::cli
