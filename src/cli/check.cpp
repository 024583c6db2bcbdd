// kloom check: searches the interleavings of a module and shows those that break it.
#include "session/check.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <memory>

#include "cli/commands.hpp"
#include "cli/exit_codes.hpp"
#include "cli/messages.hpp"
#include "cli/organisations.hpp"
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
  kloom check hello.c --json | jq .verdict
  kloom check --organisation smp --without-lock    what the locks of an operating system are for)";

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
    const std::string name = arguments.program.program_name();
    const TraceWriting writing{
        .folder = arguments.trace_folder,
        .module = name.empty() ? program.module().name : name,
        .with_warnings = arguments.output.shows_all() || arguments.output.strict()};
    const auto replays = TRY(write_traces(outcome, arguments.program, writing));
    const int status = exit_code(outcome, arguments.output.strict());
    print_report({.outcome = outcome, .symbols = symbols, .replays = replays, .exit_code = status},
                 arguments.output);
    return status;
}

base::Result<int> check_program(const CheckArguments& arguments) {
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

// Without the lock of each region in turn: without all at once, what goes wrong first would hide the rest.
base::Result<int> check_without_each_lock(CheckArguments arguments) {
    if (arguments.output.json())
        return base::Error{"--json shows one program, and without each lock there are several", "name a region: --without-lock=scheduler"};
    TRY_VOID(arguments.program.program_options());  // before anything is printed
    int worst = kExitClean;
    for (const std::string& region : lock_regions()) {
        print_text("without the lock of " + region + ":\n\n");
        arguments.program.leave_out_lock(region);
        worst = std::max(worst, TRY(check_program(arguments)));
        print_text("\n");
    }
    return worst;
}

base::Result<int> check(const CheckArguments& arguments) {
    return arguments.program.leaves_out_each_lock() ? check_without_each_lock(arguments) : check_program(arguments);
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
