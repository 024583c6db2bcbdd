#include "cli/program_arguments.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <sstream>

#include "cli/organisations.hpp"
#include "cli/values.hpp"

namespace kloom::cli {

using base::Error;
using base::Result;

namespace {

constexpr const char* kGroup = "Program";

std::vector<std::string> words_of(const std::vector<std::string>& texts) {
    std::vector<std::string> words;
    for (const std::string& text : texts) {
        std::istringstream stream(text);
        for (std::string word; stream >> word;) words.push_back(word);
    }
    return words;
}

}  // namespace

void ProgramArguments::add_to(CLI::App& command) {
    command_ = &command;
    command
        .add_option("FILE", sources_, "Sources of one module: files, or one folder with a Makefile");
    command.add_option("--organisation", organisation_,
                       "Instead of FILE, one of kloom's operating systems: per-cpu, master-slave, smp, "
                       "smp-regions, smp-percpu");
    command
        .add_option("--without-lock", without_lock_,
                    "Leave its locks out, each in turn or those of a REGION: scheduler, memory, files")
        ->type_name("[REGION]")
        ->delimiter(',')
        ->expected(0, 3)
        ->default_str(kEachLock);
    command.add_option("--cpus", cpus_, "CPUs of the machine (default 2)")
        ->check(CLI::Range(1, trace::kCpusMax));
    command.add_option("--boot", boot_,
                       "Boot parameter: nr_cpus=N, maxcpus=N, possible_cpus=N; repeat");
    command.add_option("--config", config_, "Kernel configuration: NR_CPUS=N (default 8192); repeat");
    command
        .add_option("--preempt", preempt_,
                    "Kernel preemption: none, voluntary or full (default " + preempt_ + ")")
        ->check(CLI::IsMember({"none", "voluntary", "full"}));
    command.add_option("--user", users_, "A user process: 'echo 5 > /proc/x; cat /proc/x'; repeat");
    command.add_option("--irq", irqs_, "A device raises LINE[@CPU][*TIMES]; repeat");
    command.add_option("--param", parameters_, "Module parameter NAME=VALUE; repeat");
    command.add_option("--for", run_for_, "Virtual time between load and unload (default 2s)");
    command
        .add_option("--without", without_,
                    "Switch off a cause of concurrency: interrupt, softirq, preemption, sleep, smp")
        ->delimiter(',');
    command.add_option("--compiler", compiler_, "gcc (default) or clang")
        ->check(CLI::IsMember({"gcc", "clang"}));
    command.add_flag("--as-compiled", as_compiled_,
                     "Optimise as the kernel does, instead of keeping every access");
    command.add_option("--kernel", kernel_, "Linux version of the sources: 6.1 (default) or 5.0")
        ->check(CLI::IsMember({"5.0", "6.1"}));
    command.add_option("--cflags", flags_,
                       "More -D, -U and -I options for the compiler: --cflags='-DX -Idir'; repeat");
    for (CLI::Option* option : command.get_options()) {
        const std::string name = option->get_name();
        if (name == "--help" || option->get_positional()) continue;
        option->group(kGroup);
        if (option->get_expected_min() != 0)
            option->allow_extra_args(false);  // one value for each time it is given
    }
}

Result<std::vector<std::string>> ProgramArguments::effective_sources() const {
    if (organisation_.empty()) {
        if (!without_lock_.empty())
            return Error{"--without-lock leaves out the locks of an --organisation", "kloom check --organisation smp --without-lock"};
        if (sources_.empty()) return Error{"FILE is required", "name the sources of a module, or an --organisation"};
        return sources_;
    }
    if (!sources_.empty())
        return Error{"--organisation is checked instead of " + sources_.front() + ", not with it", "leave one of them out"};
    return TRY(organisation_program(organisation_, leaves_out_each_lock() ? lock_regions() : without_lock_)).sources;
}

std::string ProgramArguments::program_name() const {
    std::string name = organisation_;
    for (const std::string& region : without_lock_) name += "-without-" + region + "-lock";
    return name;
}

// NR_CPUS, which is the number of CPUs that the kernel can use at most.
Result<int> ProgramArguments::configured_cpus_max() const {
    int cpus_max = kNrCpusDefault;
    for (const std::string& text : config_) cpus_max = TRY(parse_nr_cpus(text));
    return cpus_max;
}

Result<void> ProgramArguments::configure_cpus(machine::MachineConfig& config) const {
    for (const std::string& cause : without_) TRY_VOID(switch_off_cause(cause, config.causes));
    const int cpus_max = TRY(configured_cpus_max());
    config.cpus = config.possible_cpus = config.causes.smp ? std::min(cpus_, cpus_max) : 1;
    for (const std::string& parameter : boot_) TRY_VOID(apply_boot_parameter(parameter, config));
    config.possible_cpus = std::min(config.possible_cpus, cpus_max);
    config.cpus = std::min(config.cpus, cpus_max);
    if (!config.causes.smp) config.cpus = config.possible_cpus = 1;
    if (preempt_ == "none") config.preempt = machine::PreemptModel::None;
    if (preempt_ == "voluntary") config.preempt = machine::PreemptModel::Voluntary;
    if (preempt_ == "full") config.preempt = machine::PreemptModel::Full;
    return {};
}

Result<session::ProgramOptions> ProgramArguments::program_options() const {
    session::ProgramOptions options;
    options.sources = TRY(effective_sources());
    if (!organisation_.empty()) options.name = "organisation " + organisation_;
    options.compiler = compiler_;
    options.kernel_version = kernel_;
    options.as_compiled = as_compiled_;
    options.compiler_flags = words_of(flags_);
    TRY_VOID(configure_cpus(options.machine));
    options.users = users_;
    for (const std::string& text : irqs_) {
        const session::IrqRequest irq = TRY(parse_irq(text));
        if (irq.cpu.has_value() && *irq.cpu >= options.machine.cpus)
            return Error{"--irq " + text + ": there is no CPU " + std::to_string(*irq.cpu) +
                             ", the machine has " + std::to_string(options.machine.cpus),
                         "give it more with --cpus"};
        options.irqs.push_back(irq);
    }
    for (const std::string& text : parameters_)
        options.parameters.push_back(TRY(parse_assignment(text)));
    options.run_for_ns = TRY(parse_duration(run_for_));
    return options;
}

Result<toolchain::BuildRequest> ProgramArguments::build_request() const {
    toolchain::BuildRequest request;
    request.inputs = TRY(effective_sources());
    request.options.compiler =
        compiler_ == "clang" ? toolchain::CompilerKind::Clang : toolchain::CompilerKind::Gcc;
    request.options.kernel_version =
        kernel_ == "5.0" ? toolchain::KernelVersion::Linux5_0 : toolchain::KernelVersion::Linux6_1;
    request.options.optimisation =
        as_compiled_ ? toolchain::Optimisation::AsCompiled : toolchain::Optimisation::KeepAccesses;
    if (!organisation_.empty())
        request.options.extra_flags = TRY(organisation_program(organisation_, leaves_out_each_lock() ? lock_regions() : without_lock_)).flags;
    if (!config_.empty())
        request.options.extra_flags.push_back("-DCONFIG_NR_CPUS=" + std::to_string(TRY(configured_cpus_max())));
    for (const std::string& flag : words_of(flags_)) {
        const bool is_allowed =
            flag.starts_with("-D") || flag.starts_with("-U") || flag.starts_with("-I");
        if (!is_allowed)
            return Error{"--cflags " + flag + ": only -D, -U and -I options are passed on",
                         "leave it out"};
        request.options.extra_flags.push_back(flag);
    }
    return request;
}

std::vector<std::string> ProgramArguments::options_given() const {
    std::vector<std::string> arguments;
    for (const CLI::Option* option : command_->get_options()) {
        if (option->get_group() != kGroup || option->count() == 0) continue;
        if (option->get_expected_max() == 0) {
            arguments.push_back(option->get_name());
            continue;
        }
        if (option->get_name() == "--without-lock") continue;
        for (const std::string& value : option->results())
            arguments.push_back(option->get_name() + "=" + value);
    }
    for (const std::string& region : without_lock_) arguments.push_back("--without-lock=" + region);
    return arguments;
}

}  // namespace kloom::cli
