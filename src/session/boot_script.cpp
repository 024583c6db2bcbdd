#include "session/boot_script.hpp"

#include <algorithm>

#include "kernel/kernel.hpp"
#include "kernel/module/module.hpp"
#include "kernel/sched/tasks.hpp"
#include "kernel/user/user.hpp"

namespace kloom::session {

using machine::machine;

namespace {

constexpr int32_t kBootPid = 1000;
// User processes that go on after --for are given this long to end, then they are killed.
constexpr trace::VirtualTime kGraceNs = 60 * trace::kNanosecondsPerSecond;

}  // namespace

BootScript::BootScript(const ProgramOptions& options, const std::string& module_name) : options_(options) {
    if (!options.script.empty()) script_ = "MODULE=" + module_name + ".ko; " + options.script;
    for (const auto& [name, value] : options.parameters) parameters_ += (parameters_.empty() ? "" : " ") + name + "=\"" + value + "\"";
}

machine::TaskSpec BootScript::task() {
    const char* const name = script_.empty() ? "insmod" : "init";
    return {.name = name, .entry = main, .argument = this, .pid = kBootPid, .is_user = true};
}

void BootScript::begin_execution() { shell_line_.reset(); }

void BootScript::main(void* script) { static_cast<BootScript*>(script)->run(); }

void BootScript::run() {
    raise_irqs();
    if (!script_.empty()) {
        run_script();
    } else if (load()) {
        for (const std::string& command : options_.users) kernel::kernel().users->start(command);
        if (options_.shell) {
            run_shell();
        } else {
            machine().sleep_until(machine().now() + std::max<trace::VirtualTime>(options_.run_for_ns, 1), "the end of --for", nullptr);
        }
        wait_for_users();
    }
    unload();
    machine().end_program();
}

void BootScript::unload() {
    kernel::Kernel& kernel = kernel::kernel();
    if (kernel.modules->is_loaded()) {
        kernel.tasks->set_name(kernel.tasks->current(), "rmmod");
        kernel.modules->rmmod();
    }
}

void BootScript::raise_irqs() {
    for (const IrqRequest& irq : options_.irqs) {
        if (irq.cpu.has_value()) machine().line(irq.line).affinity = trace::CpuId(*irq.cpu);
        machine().raise_irq(irq.line, irq.times);
    }
}

bool BootScript::load() { return kernel::kernel().modules->insmod(parameters_) == 0; }

void BootScript::run_script() {
    kernel::UserService& users = *kernel::kernel().users;
    users.start(script_);
    users.wait_for(users.processes().back());
    wait_for_users();
}

// One command after the other, each a process.
void BootScript::run_shell() {
    kernel::UserService& users = *kernel::kernel().users;
    while ((shell_line_ = options_.shell()).has_value()) {  // ends: the source does
        if (shell_line_->find_first_not_of(" \t") == std::string::npos) continue;
        users.start(*shell_line_);
        users.wait_for(users.processes().back());
    }
}

// Processes that sleep when nothing can wake them any more are killed, as a person would press Ctrl-C.
void BootScript::wait_for_users() {
    kernel::UserService& users = *kernel::kernel().users;
    if (users.wait_all(machine().now() + kGraceNs)) return;
    users.kill_all();
    while (!users.all_ended()) machine().sleep("user processes", nullptr);
}

}  // namespace kloom::session
