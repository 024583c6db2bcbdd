// kloom check: searches the interleavings of a module and shows those that break it.
#include "session/check.hpp"

#include <CLI/CLI.hpp>

#include <memory>

#include "cli/commands.hpp"
#include "cli/messages.hpp"
#include "cli/output_arguments.hpp"
#include "cli/program_arguments.hpp"
#include "cli/progress.hpp"
#include "cli/search_arguments.hpp"
#include "cli/traces.hpp"
#include "cli/worker.hpp"

namespace kloom::cli {
namespace {

constexpr const char* kFooter = R"(
Examples:
  kloom check hello.c
  kloom check driver.c --user 'echo 5 > /dev/x' --user 'cat /dev/x'
  kloom check timer.c --irq 19@0 --preempt none --cpus 1
  kloom check big.c --budget 60s --strategy random --seed 7
  kloom check hello.c --json | jq .verdict)";

// Beyond the budget: minimisation and recording of the findings, then something is wrong.
constexpr double kSecondsAfterBudget = 120;

struct CheckArguments {
    ProgramArguments program{"full"};
    SearchArguments search;
    OutputArguments output;
    std::string trace_folder = ".";
    bool verbose = false;
};

// What a checkpoint must fit.
std::string search_key(const CheckArguments& arguments, const toolchain::BuiltModule& module) {
    std::string key = module.program_hash;
    for (const std::string& option : arguments.program.options_given()) key += " " + option;
    return key + " " + arguments.search.key();
}

base::Result<int> search_program(const CheckArguments& arguments,
                                 const session::SearchOptions& search, session::Program& program,
                                 const trace::Symbols& symbols) {
    Progress progress;
    auto found =
        session::check(program, search, [&](const session::Progress& now) { progress.show(now); });
    progress.clear();
    trace::Outcome outcome = TRY(std::move(found));
    const TraceWriting writing{
        .folder = arguments.trace_folder,
        .module = program.module().name,
        .with_warnings = arguments.output.shows_all() || arguments.output.strict()};
    const auto replays = TRY(write_traces(outcome, arguments.program, writing));
    const int status = exit_code(outcome, arguments.output.strict());
    print_report({.outcome = outcome, .symbols = symbols, .replays = replays, .exit_code = status},
                 arguments.output);
    return status;
}

base::Result<int> check(const CheckArguments& arguments) {
    session::ProgramOptions options = TRY(arguments.program.program_options());
    options.verbose = arguments.verbose;
    session::SearchOptions search = TRY(arguments.search.options());
    const toolchain::BuiltModule module = TRY(build(arguments.program, arguments.verbose));
    search.checkpoint_key = search_key(arguments, module);
    const Work work{.options = options,
                    .module = module,
                    .seconds_max = search.budget_seconds + kSecondsAfterBudget};
    return run_in_worker(work, [&](session::Program& program, const trace::Symbols& symbols) {
        return search_program(arguments, search, program, symbols);
    });
}

}  // namespace

void add_check_command(CLI::App& app, Invocation& invocation) {
    CLI::App& command =
        *app.add_subcommand("check", "Search the interleavings of a module for one that breaks it");
    command.footer(kFooter);
    const auto arguments = std::make_shared<CheckArguments>();
    arguments->program.add_to(command);
    arguments->search.add_to(command);
    arguments->output.add_to(command);
    command
        .add_option("--trace-dir", arguments->trace_folder,
                    "Folder for the traces of findings (default: here)")
        ->group("Output");
    command.add_flag("--verbose", arguments->verbose, "Show what the compiler says")
        ->group("Output");
    command.callback([&invocation, arguments] {
        invocation.action = [arguments] { return check(*arguments); };
    });
}

}  // namespace kloom::cli
