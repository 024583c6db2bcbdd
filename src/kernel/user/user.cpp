#include "kernel/user/user.hpp"

#include <algorithm>

#include "kernel/sched/tasks.hpp"
#include "kernel/user/interpreter.hpp"

#include <linux/sched.h>

namespace kloom::kernel {

namespace {

constexpr int kStatusSyntaxError = 2;

// The name of a process in reports: the command, or sh when there are several.
std::string_view name_of(std::string_view line) {
    if (line.find_first_of(";\n&|") != std::string_view::npos) return "sh";
    const size_t begin = std::min(line.find_first_not_of(" \t({!"), line.size());
    const std::string_view rest = line.substr(begin);
    return rest.substr(0, std::min(rest.find_first_of(" \t;|&<>)"), rest.size()));
}

}  // namespace

void UserService::begin_execution() {
    processes_.clear();
    waiters_.clear();
    next_pid_ = kFirstUserPid;
    running_ = 0;
}

const UserService::Parsed& UserService::parse(std::string_view command_line) {
    const auto found = parsed_.find(command_line);
    if (found != parsed_.end()) return found->second;
    auto program = shell::parse(command_line);
    Parsed parsed;
    if (program)
        parsed.program = std::move(*program);
    else
        parsed.error = program.error().message;
    return parsed_.emplace(command_line, std::move(parsed)).first->second;
}

int32_t UserService::start(std::string_view command_line) {
    const Parsed& parsed = parse(command_line);
    machine().step_global(0);
    Process& process = start(parsed.program, name_of(command_line), nullptr);
    process.syntax_error = parsed.error;
    return process.pid();
}

Process& UserService::start(std::shared_ptr<shell::List> program, std::string_view name,
                            Process* parent) {
    Process& process = processes_.emplace_back(*this, next_pid_++);
    process.program = std::move(program);
    process.parent = parent;
    if (parent != nullptr) process.inherit(*parent);
    char text[16];
    const size_t length = name.copy(text, sizeof text - 1);
    text[length] = '\0';
    process.task = &machine().create_task({.name = text,
                                           .entry = process_main,
                                           .argument = &process,
                                           .pid = process.pid(),
                                           .is_user = true});
    ++running_;
    machine().wake(*process.task);
    return process;
}

void UserService::process_main(void* argument) {
    auto& process = *static_cast<Process*>(argument);
    int status = kStatusSyntaxError;
    if (process.program == nullptr)
        process.complain("sh", "", process.syntax_error);
    else
        status = run_list(process, *process.program);
    process.end(status);
    kernel().tasks->exit_current(status << 8);
}

void UserService::note_end(Process&) {
    machine().step_global(0);
    --running_;
    wake_waiters();
}

// They leave the list themselves.
void UserService::wake_waiters() {
    for (machine::Task* task : waiters_) machine().wake(*task);
}

bool UserService::wait_all(VirtualTime deadline) {
    while (running_ > 0) {
        if (machine().now() >= deadline) return false;
        waiters_.push_back(&machine().current_task());
        machine().sleep_until(deadline, "user processes", this);
        std::erase(waiters_, &machine().current_task());
        machine().step_global(0);
    }
    return true;
}

bool UserService::wait_for(const Process& process) {
    TaskService& tasks = *kernel().tasks;
    while (!process.has_ended()) {
        if (tasks.has_signal(tasks.current())) return false;
        waiters_.push_back(&machine().current_task());
        tasks.sleep(TASK_INTERRUPTIBLE, "wait", nullptr);
        std::erase(waiters_, &machine().current_task());
    }
    return true;
}

void UserService::kill_all() {
    machine().step_global(0);
    waiters_.push_back(&machine().current_task());
    for (Process& process : processes_) {
        if (process.has_ended()) continue;
        TaskRecord* record = kernel().tasks->find_pid(process.pid());
        if (record != nullptr) {
            emit_leftover("sleeper", record->task->comm, nullptr);
            kernel().tasks->send_signal(*record, kSignalKill);
        } else {
            process.end_by(kSignalKill);  // it has not run yet: it ends at once when it does
        }
    }
}

std::string_view UserService::output(int32_t pid) const {
    for (const Process& process : processes_)
        if (process.pid() == pid) return process.output();
    return {};
}

int UserService::status(int32_t pid) const {
    for (const Process& process : processes_)
        if (process.pid() == pid) return process.status();
    return -1;
}

void UserService::show_output(const Process& process, std::string_view text) const {
    if (sink_) sink_(process.pid(), text);
}

}  // namespace kloom::kernel
