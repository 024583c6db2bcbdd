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
    // As given; none for one of kloom's own operating systems.
    const std::vector<std::string>& sources() const { return sources_; }

    // What is built, in a word for file names; empty: the name of the module.
    std::string program_name() const;

    // Whether --without-lock was given without saying which: each is left out in turn.
    bool leaves_out_each_lock() const { return !organisation_.empty() && without_lock_.size() == 1 && without_lock_.front() == kEachLock; }
    void leave_out_lock(const std::string& region) { without_lock_ = {region}; }

    base::Result<session::ProgramOptions> program_options() const;
    base::Result<toolchain::BuildRequest> build_request() const;

    // The arguments that make the same program again, for a trace: without the sources, which
    // depend on where it is.
    std::vector<std::string> options_given() const;

  private:
    static constexpr const char* kEachLock = "each";

    base::Result<std::vector<std::string>> effective_sources() const;
    base::Result<int> configured_cpus_max() const;
    base::Result<void> configure_cpus(machine::MachineConfig& config) const;

    const CLI::App* command_ = nullptr;
    std::vector<std::string> sources_;
    std::string organisation_;
    std::vector<std::string> without_lock_;
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
