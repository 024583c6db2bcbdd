// kloom replay: runs the schedule of a trace once more and shows what it shows.
#include <CLI/CLI.hpp>

#include <memory>

#include "cli/commands.hpp"
#include "cli/exit_codes.hpp"
#include "cli/output_arguments.hpp"
#include "cli/program_arguments.hpp"
#include "cli/search_arguments.hpp"
#include "cli/traces.hpp"
#include "cli/worker.hpp"
#include "session/check.hpp"

namespace kloom::cli {
namespace {

constexpr const char* kFooter = R"(
Examples:
  kloom replay hello-1.trace
  kloom replay hello-1.trace ~/copy/hello.c      the same source at another place)";

constexpr double kSecondsMax = 120;

struct ReplayArguments {
    std::string trace;
    std::vector<std::string> sources;
    OutputArguments output;
};

// The program's part of the command line that a trace keeps.
base::Result<void> parse_stored(const trace::TraceFile& trace, CLI::App& app,
                                ProgramArguments& program) {
    const base::Error error{"the command line that the trace keeps is not understood",
                            "make the trace again with kloom check"};
    if (trace.arguments.empty() || trace.arguments.front() != "check") return error;
    program.add_to(app);
    std::vector<std::string> reversed(trace.arguments.rbegin(), trace.arguments.rend() - 1);
    try {
        app.parse(std::move(reversed));
    } catch (const CLI::ParseError& problem) {
        return base::Error{error.message + ": " + problem.what(), error.hint};
    }
    return {};
}

base::Result<int> show(const ReplayArguments& arguments, const trace::TraceFile& trace,
                       session::Program& program, const trace::Symbols& symbols) {
    const trace::Outcome outcome = TRY(session::replay(program, trace.schedule, trace.finding_id));
    const bool shows =
        !outcome.findings.empty() && outcome.findings.front().finding.id == trace.finding_id;
    if (!shows && !trace.finding_id.empty())
        return base::Error{"the finding " + trace.finding_id + " did not show again",
                           "the trace was changed or made by another version of kloom; make it "
                           "again with kloom check"};
    const int status = exit_code(outcome, arguments.output.strict());
    const report::Report report{
        .outcome = outcome,
        .symbols = symbols,
        .replays = {{.trace = arguments.trace, .command = "kloom replay " + arguments.trace}},
        .is_replay = true,
        .exit_code = status};
    print_report(report, arguments.output);
    return status;
}

base::Result<int> replay(const ReplayArguments& arguments) {
    const trace::TraceFile trace = TRY(read_trace(arguments.trace));
    CLI::App app;
    ProgramArguments program("full");
    TRY_VOID(parse_stored(trace, app, program));
    program.replace_sources(arguments.sources.empty()
                                ? sources_from_trace(program.sources(), arguments.trace)
                                : arguments.sources);

    const session::ProgramOptions options = TRY(program.program_options());
    const toolchain::BuiltModule module = TRY(build(program, false));
    if (module.program_hash != trace.program_hash)
        return base::Error{"the program has changed since " + arguments.trace +
                               " was written, so its schedule says nothing about it",
                           "search again with kloom check"};
    return run_in_worker({.options = options, .module = module, .seconds_max = kSecondsMax},
                         [&](session::Program& loaded, const trace::Symbols& symbols) {
                             return show(arguments, trace, loaded, symbols);
                         });
}

}  // namespace

void add_replay_command(CLI::App& app, Invocation& invocation) {
    CLI::App& command = *app.add_subcommand("replay", "Run the interleaving of a trace again");
    command.footer(kFooter);
    const auto arguments = std::make_shared<ReplayArguments>();
    command.add_option("TRACE", arguments->trace, "A file that kloom check wrote")->required();
    command.add_option("FILE", arguments->sources,
                       "The sources, when they are not where the trace says");
    arguments->output.add_to(command);
    command.callback([&invocation, arguments] {
        invocation.action = [arguments] { return replay(*arguments); };
    });
}

}  // namespace kloom::cli
