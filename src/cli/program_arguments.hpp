// The arguments that say which program is run, and in which surroundings: those of `check` and
// `run`, stored in traces.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "session/options.hpp"
#include "toolchain/module_builder.hpp"

namespace CLI {
class App;
}

namespace kloom::cli {

class ProgramArguments {
  public:
    // `preempt`: the model unless the user says otherwise.
    explicit ProgramArguments(std::string preempt) : preempt_(std::move(preempt)) {}

    // Adds the options to a subcommand; this object must outlive its parsing.
    void add_to(CLI::App& command);
    void replace_sources(std::vector<std::string> sources) { sources_ = std::move(sources); }
    const std::vector<std::string>& sources() const { return sources_; }

    base::Result<session::ProgramOptions> program_options() const;
    base::Result<toolchain::BuildRequest> build_request() const;

    // The arguments that make the same program again, for a trace: without the sources, which
    // depend on where it is.
    std::vector<std::string> options_given() const;

  private:
    base::Result<int> configured_cpus_max() const;
    base::Result<void> configure_cpus(machine::MachineConfig& config) const;

    const CLI::App* command_ = nullptr;
    std::vector<std::string> sources_;
    int cpus_ = 2;
    std::vector<std::string> boot_;
    std::vector<std::string> config_;
    std::string preempt_;
    std::vector<std::string> users_;
    std::vector<std::string> irqs_;
    std::vector<std::string> parameters_;
    std::string run_for_ = "2s";
    std::vector<std::string> without_;
    std::string compiler_ = "gcc";
    bool as_compiled_ = false;
    std::string kernel_ = "6.1";
    std::vector<std::string> flags_;
};

}  // namespace kloom::cli
