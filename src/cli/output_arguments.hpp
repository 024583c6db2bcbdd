// How results are shown, and the device they are shown on.
#pragma once

#include <string>

#include "report/terminal.hpp"

namespace CLI {
class App;
}

namespace kloom::cli {

class OutputArguments {
  public:
    void add_to(CLI::App& command);

    bool json() const { return json_; }
    bool shows_all() const { return all_; }
    bool strict() const { return strict_; }
    // Colours and width of stdout as it is now.
    report::TerminalOptions terminal() const;

  private:
    bool json_ = false;
    bool all_ = false;
    bool strict_ = false;
    std::string colour_ = "auto";
};

// A report in the form asked for, to stdout.
void print_report(const report::Report& report, const OutputArguments& output);

// The exit status of a search with this outcome.
int exit_code(const trace::Outcome& outcome, bool strict);

}  // namespace kloom::cli
