// kloom simulate: how organisations of an operating system scale with the number of CPUs.
#include "os_models/simulate.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <memory>

#include "cli/commands.hpp"
#include "cli/exit_codes.hpp"
#include "cli/messages.hpp"
#include "cli/organisations.hpp"
#include "cli/output_arguments.hpp"
#include "cli/progress.hpp"
#include "cli/values.hpp"
#include "os_models/presets.hpp"
#include "report/scaling_csv.hpp"
#include "report/scaling_html.hpp"
#include "report/scaling_json.hpp"
#include "report/scaling_table.hpp"
#include "toolchain/files.hpp"

namespace kloom::cli {
namespace {

using base::Error;
using base::Result;

constexpr const char* kFooter = R"(
Examples:
  kloom simulate                                        the textbook's argument: a tenth of the time in system calls
  kloom simulate --until 1024 --html scaling.html       further, and as a page with curves
  kloom simulate --workload web --organisation smp,smp-percpu
  kloom simulate --set calls.mean=30us --set compute.mean=70us
  kloom simulate --workload desktop --preempt full --cpus 4
  kloom simulate --workload my.toml --csv > my.csv      docs/reference/workload.md says what is in the file

Organisations: per-cpu, master-slave, smp, smp-regions, smp-percpu. `kloom check --organisation` proves them right.)";

constexpr uint32_t kUntilDefault = 64;
constexpr uint32_t kSeedsMax = 1000;

struct SimulateArguments {
    std::string workload;
    std::vector<std::string> changes;
    std::vector<std::string> organisations;
    std::string cpus;
    uint32_t until = 0;
    std::string preempt;
    std::string slice;
    uint32_t seeds = 5;
    uint64_t first_seed = 1;
    std::string duration;
    bool json = false;
    bool csv = false;
    std::string html;
    bool list = false;
    OutputArguments output;
};

Result<uint32_t> cpu_count(std::string_view text) {
    uint32_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc() || end != text.data() + text.size() || count < 1 || count > os_models::kSimulatedCpusMax)
        return Error{fmt::format("--cpus: '{}' is no number of CPUs from 1 to {}", text, os_models::kSimulatedCpusMax),
                     "for example --cpus 1,2,4 or --cpus 1-16"};
    return count;
}

// "1,2,4-8"
Result<std::vector<uint32_t>> cpu_list(std::string_view text) {
    std::vector<uint32_t> list;
    while (!text.empty()) {
        const size_t comma = std::min(text.find(','), text.size());
        const std::string_view item = text.substr(0, comma);
        text.remove_prefix(std::min(comma + 1, text.size()));
        const size_t dash = std::min(item.find('-'), item.size());
        const uint32_t first = TRY(cpu_count(item.substr(0, dash)));
        const uint32_t last = dash == item.size() ? first : TRY(cpu_count(item.substr(dash + 1)));
        for (uint32_t n = first; n <= last; ++n) list.push_back(n);
    }
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
    if (list.empty()) return Error{"--cpus: no number of CPUs", "for example --cpus 1,2,4 or --cpus 1-16"};
    return list;
}

// Powers of two, so that every step doubles; from 4 to 64 also what lies between, where the curves bend.
std::vector<uint32_t> cpus_until(uint32_t until) {
    std::vector<uint32_t> list;
    for (uint32_t n = 1; n <= until; n *= 2) {
        list.push_back(n);
        for (const uint32_t between : {n + n / 4, n + n / 2})
            if (n >= 4 && n < 64 && between <= until && between != list.back()) list.push_back(between);
    }
    if (list.back() != until) list.push_back(until);
    return list;
}

Result<std::vector<const os_organisation*>> chosen_organisations(const std::vector<std::string>& names) {
    if (names.empty() || names == std::vector<std::string>{"all"}) return os_models::organisations();
    std::vector<const os_organisation*> chosen;
    for (const std::string& name : names) {
        const os_organisation* organisation = os_models::find_organisation(name);
        if (!organisation) return no_such_organisation(name);
        if (std::find(chosen.begin(), chosen.end(), organisation) == chosen.end()) chosen.push_back(organisation);
    }
    return chosen;
}

Result<os_models::Workload> chosen_workload(const SimulateArguments& arguments) {
    const std::string name = arguments.workload.empty() ? os_models::presets().front().name : arguments.workload;
    os_models::Workload workload = TRY(os_models::load_workload(name));
    for (const std::string& change : arguments.changes) TRY_VOID(os_models::change_workload(workload, change));
    if (!arguments.preempt.empty()) TRY_VOID(os_models::change_workload(workload, "scheduling.preempt=" + arguments.preempt));
    if (!arguments.slice.empty()) TRY_VOID(os_models::change_workload(workload, "scheduling.slice=" + arguments.slice));
    return workload;
}

Result<os_models::SweepOptions> sweep_options(const SimulateArguments& arguments) {
    os_models::SweepOptions options;
    options.organisations = TRY(chosen_organisations(arguments.organisations));
    options.cpus = arguments.cpus.empty() ? cpus_until(arguments.until == 0 ? kUntilDefault : arguments.until)
                                          : TRY(cpu_list(arguments.cpus));
    options.seeds = arguments.seeds;
    options.first_seed = arguments.first_seed;
    if (arguments.duration.empty()) return options;
    options.measured_ns = TRY(parse_duration(arguments.duration));
    if (options.measured_ns == 0) return Error{"--for " + arguments.duration + ": nothing would be measured", "for example --for 100ms"};
    return options;
}

void print_workloads() {
    for (const os_models::Workload& preset : os_models::presets())
        print_text(fmt::format("{:13} {:5.1f} us computing, {:5.1f} us system call, {} processes per CPU\n", preset.name,
                               preset.compute.mean_ns / 1e3, preset.call.mean_ns / 1e3, preset.processes_per_cpu));
}

// Before the work, whose result would be lost after it.
Result<void> check_can_write(const std::string& file) {
    const std::string folder = std::filesystem::path(file).parent_path().string();
    if (access(folder.empty() ? "." : folder.c_str(), W_OK) == 0) return {};
    return Error{fmt::format("cannot write {}: {}", file, std::strerror(errno)), "name a file in a folder that is there and can be written"};
}

Result<int> simulate(const SimulateArguments& arguments) {
    if (arguments.list) {
        print_workloads();
        return kExitClean;
    }
    const os_models::Workload workload = TRY(chosen_workload(arguments));
    const os_models::SweepOptions options = TRY(sweep_options(arguments));
    if (!arguments.html.empty()) TRY_VOID(check_can_write(arguments.html));
    Progress progress;
    const trace::ScalingResult result = os_models::sweep(workload, options, [&](const os_models::SweepProgress& now) {
        progress.show(now.share_done, fmt::format("{}, {} CPUs", now.organisation, now.cpus));
    });
    progress.clear();
    if (!arguments.html.empty()) {
        TRY_VOID(toolchain::replace_file(arguments.html, report::scaling_html(result)));
        print_note("wrote " + arguments.html);
    }
    if (arguments.json) {
        print_text(report::scaling_json(result));
    } else if (arguments.csv) {
        print_text(report::scaling_csv(result));
    } else {
        print_text(report::scaling_table(result, arguments.output.terminal().is_coloured));
    }
    return kExitClean;
}

void add_options(CLI::App& command, SimulateArguments& arguments) {
    command.add_option("--workload", arguments.workload, "A preset (--list) or a TOML file; default textbook")->group("Workload");
    command.add_option("--set", arguments.changes, "Change a value of the workload: KEY=VALUE; repeat")
        ->allow_extra_args(false)
        ->group("Workload");
    command.add_option("--preempt", arguments.preempt, "Kernel preemption: none, voluntary or full")->group("Workload");
    command.add_option("--time-slice", arguments.slice, "How long a process runs while others wait")->group("Workload");
    command.add_flag("--list", arguments.list, "List the presets")->group("Workload");
    command.add_option("--organisation", arguments.organisations, "Organisations, separated by commas; default all")
        ->delimiter(',')
        ->group("Simulation");
    CLI::Option* cpus = command.add_option("--cpus", arguments.cpus, "Numbers of CPUs: 1,2,4-8")->group("Simulation");
    command
        .add_option("--until", arguments.until,
                    fmt::format("From 1 to so many CPUs, at most {} (default {})", os_models::kSimulatedCpusMax, kUntilDefault))
        ->check(CLI::Range(1u, os_models::kSimulatedCpusMax))
        ->excludes(cpus)
        ->group("Simulation");
    command.add_option("--seeds", arguments.seeds, "Independent runs of each point (default 5)")
        ->check(CLI::Range(1u, kSeedsMax))
        ->group("Simulation");
    command.add_option("--seed", arguments.first_seed, "Seed of the first run (default 1)")->group("Simulation");
    command.add_option("--for", arguments.duration, "Virtual time to measure; default: long enough")->group("Simulation");
    CLI::Option* json = command.add_flag("--json", arguments.json, "Print JSON (docs/reference/simulate_json.md)")->group("Output");
    command.add_flag("--csv", arguments.csv, "Print CSV")->excludes(json)->group("Output");
    command.add_option("--html", arguments.html, "Also write a page with curves to this file")->group("Output");
}

}  // namespace

void add_simulate_command(CLI::App& app, Invocation& invocation) {
    CLI::App& command = *app.add_subcommand("simulate", "Show how organisations of an operating system scale with CPUs");
    command.footer(kFooter);
    const auto arguments = std::make_shared<SimulateArguments>();
    add_options(command, *arguments);
    command.callback([&invocation, arguments] {
        invocation.action = [arguments] { return simulate(*arguments); };
    });
}

}  // namespace kloom::cli
