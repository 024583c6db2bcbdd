// Program: a loaded module with its machine, kernel and detectors, ready to run any number of executions.
#pragma once

#include <memory>
#include <vector>

#include "base/result.hpp"
#include "kernel/kernel.hpp"
#include "machine/machine.hpp"
#include "session/boot_script.hpp"
#include "session/finding_collector.hpp"
#include "session/options.hpp"
#include "session/recorder.hpp"
#include "toolchain/module_builder.hpp"
#include "trace/happens_before.hpp"

namespace kloom::session {

class Program {
  public:
    // Loads the module into this process. One program per process; its memory is given back with the process.
    static base::Result<std::unique_ptr<Program>> load(const ProgramOptions& options, const toolchain::BuiltModule& module);
    ~Program();
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    // One execution from boot to the module's unload.
    trace::ExecutionSummary run(trace::Chooser& chooser);

    // Adds a recorder to the observers, or takes it away again (null).
    void set_recorder(Recorder* recorder);

    // Adds an observer that shows what happens to a person, or takes it away again (null).
    void set_console(trace::Observer* console);

    machine::Machine& machine() { return machine_; }
    kernel::Kernel& kernel() { return kernel_; }
    FindingCollector& findings() { return findings_; }
    const toolchain::BuiltModule& module() const { return module_; }
    const ProgramOptions& options() const { return options_; }

  private:
    Program(const ProgramOptions& options, toolchain::BuiltModule module);
    base::Result<void> load_module();
    void connect_observers(Recorder* recorder);

    ProgramOptions options_;
    toolchain::BuiltModule module_;
    machine::Machine machine_;
    kernel::Kernel kernel_;
    FindingCollector findings_;
    trace::HappensBefore happens_before_;
    std::vector<std::unique_ptr<trace::Observer>> detectors_;
    BootScript script_;
    trace::Observer* console_ = nullptr;
};

}  // namespace kloom::session
