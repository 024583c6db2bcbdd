#include <CLI/CLI.hpp>

#include <algorithm>
#include <cctype>
#include <string>

#include "cli/commands.hpp"
#include "cli/exit_codes.hpp"
#include "cli/messages.hpp"

namespace kloom::cli {
namespace {

constexpr const char* kVersion = "kloom 0.1.0";

constexpr const char* kFooter = R"(
Examples:
  kloom check hello.c                     try the interleavings of a module, show the one that breaks it
  kloom check hello.c --user 'cat /proc/hello' --irq 19
  kloom run hello.c                       run it once and see what dmesg shows
  kloom replay hello-1.trace              see a finding again
  kloom explain lost-update               what a finding means and how to mend it
  kloom simulate --until 64               how organisations of an operating system scale with CPUs

Exit status: 0 clean, 1 a finding, 2 wrong usage or code that does not compile, 3 the budget ended first.
`kloom COMMAND --help` has the options of each command.)";

// CLI11's message, as one line of ours.
int print_usage_error(const CLI::App& app, const CLI::ParseError& error) {
    const auto chosen = app.get_subcommands();
    const std::string command = chosen.empty() ? "kloom" : "kloom " + chosen.front()->get_name();
    std::string message = error.what();
    for (char& c : message)
        if (c == '\n') c = ' ';
    // Ours begin in lower case.
    if (!message.empty()) message[0] = static_cast<char>(std::tolower(message[0]));
    print_error({.message = message, .hint = command + " --help shows the options"});
    return kExitUsage;
}

bool has_command(const CLI::App& app, const std::string& name) {
    const auto commands = app.get_subcommands([](const CLI::App*) { return true; });
    return std::any_of(commands.begin(), commands.end(), [&](const CLI::App* command) { return command->get_name() == name; });
}

}  // namespace

int run_command_line(int count, char** arguments) {
    CLI::App app("kloom finds the interleaving that breaks your kernel code.", "kloom");
    app.footer(kFooter);
    app.set_version_flag("--version", kVersion, "Print the version and end");
    app.set_help_flag("-h,--help", "Print this text and end");
    app.require_subcommand(1);
    app.failure_message(CLI::FailureMessage::simple);
    Invocation invocation;
    add_check_command(app, invocation);
    add_run_command(app, invocation);
    add_replay_command(app, invocation);
    add_explain_command(app, invocation);
    add_simulate_command(app, invocation);

    if (count > 1 && arguments[1][0] != '-' && !has_command(app, arguments[1])) {
        print_error({.message = "there is no command '" + std::string(arguments[1]) + "'", .hint = "kloom --help lists the commands"});
        return kExitUsage;
    }
    try {
        app.parse(count, arguments);
    } catch (const CLI::Success& success) {  // --help, --version
        return app.exit(success);
    } catch (const CLI::ParseError& error) {
        return print_usage_error(app, error);
    }
    const base::Result<int> status = invocation.action();
    if (status) return *status;
    print_error(status.error());
    return kExitUsage;
}

}  // namespace kloom::cli
