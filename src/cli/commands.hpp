// The commands. Each adds its subcommand to the command line and, when it is the chosen one, puts
// what is to be done into `Invocation::action`.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace CLI {
class App;
}

namespace kloom::cli {

struct Invocation {
    // Returns the exit status; an error is printed and ends with kExitUsage.
    std::function<base::Result<int>()> action;
};

void add_check_command(CLI::App& app, Invocation& invocation);
void add_run_command(CLI::App& app, Invocation& invocation);
void add_replay_command(CLI::App& app, Invocation& invocation);
void add_explain_command(CLI::App& app, Invocation& invocation);
void add_simulate_command(CLI::App& app, Invocation& invocation);

// Runs the command line and returns the exit status.
int run_command_line(int count, char** arguments);

}  // namespace kloom::cli
