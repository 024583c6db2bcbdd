#include "session/program.hpp"

#include "detect/detectors.hpp"
#include "kernel/module/module.hpp"

namespace kloom::session {

Program::Program(const ProgramOptions& options, toolchain::BuiltModule module)
    : options_(options),
      module_(std::move(module)),
      machine_(options.machine),
      kernel_(machine_),
      findings_([this] { machine_.request_stop(); }),
      script_(options_, module_.name) {
    machine_.set_environment(kernel_);
}

Program::~Program() = default;

base::Result<std::unique_ptr<Program>> Program::load(const ProgramOptions& options, const toolchain::BuiltModule& module) {
    std::unique_ptr<Program> program(new Program(options, module));
    TRY_VOID(program->load_module());
    return program;
}

base::Result<void> Program::load_module() {
    TRY_VOID(kernel_.modules->load_image(module_.shared_object, module_.name));
    detectors_ = detect::make_detectors({.memory = machine_.memory(),
                                         .visible = machine_.visible(),
                                         .happens_before = happens_before_,
                                         .sink = findings_});
    connect_observers(nullptr);
    return {};
}

// The order matters: the recorder sees events before a detector can end the execution, and clocks are up to date when
// detectors ask for them.
void Program::connect_observers(Recorder* recorder) {
    trace::ObserverList& observers = machine_.observers();
    observers.clear();
    if (recorder != nullptr) observers.add(*recorder);
    if (console_ != nullptr) observers.add(*console_);
    observers.add(happens_before_);
    for (const auto& detector : detectors_) observers.add(*detector);
}

void Program::set_console(trace::Observer* console) {
    console_ = console;
    connect_observers(nullptr);
}

void Program::set_recorder(Recorder* recorder) { connect_observers(recorder); }

trace::ExecutionSummary Program::run(trace::Chooser& chooser) {
    script_.begin_execution();
    return machine_.run(script_.task(), chooser);
}

}  // namespace kloom::session
