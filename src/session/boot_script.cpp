#include "session/boot_script.hpp"

#include <algorithm>

#include "kernel/kernel.hpp"
#include "kernel/module/module.hpp"
#include "kernel/sched/tasks.hpp"
#include "kernel/user/user.hpp"

namespace kloom::session {

using machine::machine;

namespace {

constexpr int32_t kInsmodPid = 1000;
// User processes that go on after --for are given this long to end, then they are killed.
constexpr trace::VirtualTime kGraceNs = 60 * trace::kNanosecondsPerSecond;

}  // namespace

BootScript::BootScript(const ProgramOptions& options) : options_(options) {
    for (const auto& [name, value] : options.parameters) parameters_ += (parameters_.empty() ? "" : " ") + name + "=\"" + value + "\"";
}

machine::TaskSpec BootScript::task() {
    return {.name = "insmod", .entry = main, .argument = this, .pid = kInsmodPid, .is_user = true};
}

void BootScript::begin_execution() {
    init_result_ = 0;
    init_returned_ = false;
}

void BootScript::main(void* script) { static_cast<BootScript*>(script)->run(); }

void BootScript::run() {
    for (const IrqRequest& irq : options_.irqs) {
        if (irq.cpu.has_value()) machine().line(irq.line).affinity = trace::CpuId(*irq.cpu);
        machine().raise_irq(irq.line, irq.times);
    }
    kernel::Kernel& kernel = kernel::kernel();
    init_result_ = kernel.modules->insmod(parameters_);
    init_returned_ = true;
    if (init_result_ == 0) {
        for (const std::string& command : options_.users) kernel.users->start(command);
        if (options_.shell) {
            run_shell();
        } else {
            machine().sleep_until(machine().now() + std::max<trace::VirtualTime>(options_.run_for_ns, 1), "the end of --for", nullptr);
        }
        wait_for_users();
        kernel.tasks->set_name(kernel.tasks->current(), "rmmod");
        kernel.modules->rmmod();
    }
    machine().end_program();
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
