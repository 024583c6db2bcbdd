// kloom run: one interleaving, as a small computer: dmesg, the output of user processes, a shell.
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include <cstdio>
#include <iostream>
#include <map>
#include <memory>

#include "cli/commands.hpp"
#include "cli/exit_codes.hpp"
#include "cli/messages.hpp"
#include "cli/output_arguments.hpp"
#include "cli/program_arguments.hpp"
#include "cli/worker.hpp"
#include "session/check.hpp"
#include "session/console.hpp"
#include "toolchain/files.hpp"

namespace kloom::cli {
namespace {

constexpr const char* kFooter = R"(
Examples:
  kloom run hello.c
  kloom run hello.c --user 'cat /proc/hello' --for 5s
  kloom run hello.c --shell
  kloom run hello.c --script life.sh
  echo 'ps -eaF; cat /proc/interrupts' | kloom run hello.c --shell)";

constexpr double kSecondsMax = 600;
constexpr double kShellSecondsMax = 1e9;
constexpr int kExitInterrupted = 130;

struct RunArguments {
    ProgramArguments program{"voluntary"};
    OutputArguments output;
    bool shell = false;
    std::string script;
    bool verbose = false;
};

// Shows log lines and output of processes as they come; each line of a process says whose it is
// when there are several.
class Screen {
  public:
    explicit Screen(bool names_processes) : names_processes_(names_processes) {}

    void show(int32_t pid, std::string_view text) {
        if (pid == 0 || !names_processes_) return write(text);
        std::string& line = unfinished_[pid];
        line += text;
        for (size_t end; (end = line.find('\n')) != std::string::npos;
             line.erase(0, end + 1))  // ends: the line gets shorter
            write(fmt::format("{}: {}", pid, line.substr(0, end + 1)));
    }

    void finish() {
        for (const auto& [pid, line] : unfinished_)
            if (!line.empty()) write(fmt::format("{}: {}\n", pid, line));
        if (!at_line_start_) write("\n");
    }

  private:
    void write(std::string_view text) {
        if (text.empty()) return;
        std::fwrite(text.data(), 1, text.size(), stdout);
        std::fflush(stdout);
        at_line_start_ = text.back() == '\n';
    }

    bool names_processes_;
    bool at_line_start_ = true;
    std::map<int32_t, std::string> unfinished_;
};

// The lines of standard input, after a prompt when a person types them.
std::optional<std::string> read_command() {
    const bool is_interactive = isatty(STDIN_FILENO) != 0;
    if (is_interactive) print_text("$ ");
    std::fflush(stdout);
    std::string line;
    if (!std::getline(std::cin, line)) {
        if (is_interactive) print_text("\n");
        return std::nullopt;
    }
    return line;
}

base::Result<std::string> read_script(const std::string& path) {
    const std::string hint = "name a file of shell commands, as 'insmod $MODULE; sleep 1; rmmod $MODULE'";
    auto text = toolchain::read_file(path);
    if (!text) return base::Error{text.error().message, hint};
    if (text->find_first_not_of(" \t\n") == std::string::npos)
        return base::Error{path + " is empty", hint};
    return text;
}

base::Result<int> run_program(const RunArguments& arguments, session::Program& program,
                              const trace::Symbols& symbols) {
    signal(SIGINT, [](int) { _exit(kExitInterrupted); });
    Screen screen(program.options().users.size() > 1);
    session::Console console(program,
                             [&](int32_t pid, std::string_view text) { screen.show(pid, text); });
    program.set_console(&console);
    auto run = session::run_once(program);
    program.set_console(nullptr);
    screen.finish();
    const trace::Outcome outcome = TRY(std::move(run));
    for (const std::string& note : outcome.notes) print_note(note);
    const int status = exit_code(outcome, arguments.output.strict());
    const std::string heads =
        report::render_heads({.outcome = outcome, .symbols = symbols}, arguments.output.terminal());
    std::fflush(stdout);
    std::fputs(heads.c_str(), stderr);
    return status;
}

base::Result<int> run(const RunArguments& arguments) {
    session::ProgramOptions options = TRY(arguments.program.program_options());
    if (arguments.shell) options.shell = read_command;
    if (!arguments.script.empty()) options.script = TRY(read_script(arguments.script));
    const toolchain::BuiltModule module = TRY(build(arguments.program, arguments.verbose));
    return run_in_worker({.options = options,
                          .module = module,
                          .seconds_max = arguments.shell ? kShellSecondsMax : kSecondsMax},
                         [&](session::Program& program, const trace::Symbols& symbols) {
                             return run_program(arguments, program, symbols);
                         });
}

}  // namespace

void add_run_command(CLI::App& app, Invocation& invocation) {
    CLI::App& command = *app.add_subcommand("run", "Run a module once, as a small computer would");
    command.footer(kFooter);
    const auto arguments = std::make_shared<RunArguments>();
    arguments->program.add_to(command);
    command.add_flag(
        "--shell", arguments->shell,
        "Read commands from standard input and run each after load; its end unloads the module");
    command
        .add_option("--script", arguments->script,
                    "File of shell commands that load ($MODULE), use and unload the module")
        ->excludes("--shell", "--user", "--param", "--for");
    command.add_flag("--verbose", arguments->verbose, "Show what the compiler says");
    command.callback(
        [&invocation, arguments] { invocation.action = [arguments] { return run(*arguments); }; });
}

}  // namespace kloom::cli
