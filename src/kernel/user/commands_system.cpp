// Commands about processes, CPUs and the kernel: ps, kill, taskset, timeout, dmesg, insmod and so
// on.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "kernel/fs/vfs.hpp"
#include "kernel/log.hpp"
#include "kernel/module/module.hpp"
#include "kernel/sched/tasks.hpp"
#include "kernel/user/commands.hpp"
#include "kernel/user/user.hpp"

#include <generated/utsrelease.h>
#include <linux/errno.h>
#include <linux/fcntl.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>

namespace kloom::kernel {

namespace {

constexpr struct {
    const char* name;
    int number;
} kSignals[] = {{"HUP", 1},   {"INT", 2},   {"QUIT", 3},  {"KILL", 9},  {"USR1", 10},
                {"SEGV", 11}, {"USR2", 12}, {"PIPE", 13}, {"ALRM", 14}, {"TERM", 15},
                {"CHLD", 17}, {"CONT", 18}, {"STOP", 19}, {"IO", 29}};

std::optional<int> parse_signal(std::string_view text) {
    if (const auto number = parse_number(text)) return static_cast<int>(*number);
    if (text.starts_with("SIG")) text.remove_prefix(3);
    for (const auto& signal : kSignals)
        if (text == signal.name) return signal.number;
    return std::nullopt;
}

// "0-2,4" as taskset -c takes it.
std::optional<machine::CpuSet> parse_cpus(std::string_view text) {
    machine::CpuSet cpus;
    while (!text.empty()) {
        const std::string_view item = text.substr(0, text.find(','));
        text.remove_prefix(std::min(item.size() + 1, text.size()));
        const size_t dash = item.find('-');
        const auto first = parse_number(item.substr(0, dash));
        const auto last =
            dash == std::string_view::npos ? first : parse_number(item.substr(dash + 1));
        if (!first || !last || *first < 0 || *last >= static_cast<long>(cpus.size()))
            return std::nullopt;
        for (long cpu = *first; cpu <= *last; ++cpu) cpus.set(static_cast<size_t>(cpu));
    }
    return cpus.any() ? std::optional(cpus) : std::nullopt;
}

int set_affinity(Process& process, const machine::CpuSet& cpus) {
    process.enter_kernel();
    const int error = kernel().tasks->set_affinity(kernel().tasks->current(), cpus);
    process.leave_kernel("sched_setaffinity");
    return error;
}

// The minutes and seconds since boot at which ps says that a task started.
void format_start(VirtualTime start_ns, char (&text)[16]) {
    const auto seconds = static_cast<unsigned>(start_ns / trace::kNanosecondsPerSecond);
    std::snprintf(text, sizeof text, "%02u:%02u", seconds / 60 % 100, seconds % 60);
}

void print_full(std::string& out, const TaskRecord& record) {
    const task_struct& task = *record.task;
    const bool is_kernel = (task.flags & PF_KTHREAD) != 0;
    char start[16], line[160];
    format_start(task.start_time, start);
    const int parent = task.real_parent != nullptr ? task.real_parent->pid : 0;
    std::snprintf(line, sizeof line,
                  "root     %7d %7d  0 %5d %5d %3u %s ?        00:00:00 %s%s%s\n", task.pid, parent,
                  is_kernel ? 0 : 612, is_kernel ? 0 : 1024, task.cpu, start, is_kernel ? "[" : "",
                  task.comm, is_kernel ? "]" : "");
    out += line;
}

void print_short(std::string& out, const TaskRecord& record) {
    char line[80];
    std::snprintf(line, sizeof line, "%7d ?        00:00:00 %s\n", record.task->pid,
                  record.task->comm);
    out += line;
}

// "hello-world.ko", with or without folders, is the module hello_world.
std::string module_name_of(std::string_view file) {
    std::string name(file.substr(file.rfind('/') + 1));
    if (name.ends_with(".ko")) name.resize(name.size() - 3);
    std::ranges::replace(name, '-', '_');
    return name;
}

void end_by_timeout(machine::TimerEvent& event) {
    const auto& process = *static_cast<const Process*>(event.owner);
    TaskRecord* record = kernel().tasks->record_of(*process.task);
    if (record != nullptr) kernel().tasks->send_signal(*record, SIGTERM);
}

}  // namespace

// ---- processes ----------------------------------------------------------------------------------

int command_ps(Process& process, Arguments arguments) {
    bool is_full = false, shows_all = false;
    for (const std::string* argument : arguments.subspan(1)) {
        if (argument->find_first_of("fFu") != std::string::npos) is_full = true;
        if (argument->find_first_of("eAax") != std::string::npos) shows_all = true;
    }
    process.enter_kernel();
    std::string& out = process.new_text();
    out = is_full ? "UID          PID    PPID  C    SZ   RSS PSR STIME TTY          TIME CMD\n"
                  : "    PID TTY          TIME CMD\n";
    for (const TaskRecord& record : kernel().tasks->records()) {
        if (!record.is_linked || record.is_freed || record.task->pid == 0) continue;
        if (!shows_all && (record.task->flags & PF_KTHREAD) != 0) continue;
        if (is_full)
            print_full(out, record);
        else
            print_short(out, record);
    }
    process.leave_kernel("getdents");
    process.print(out);
    return 0;
}

int command_kill(Process& process, Arguments arguments) {
    int signal = SIGTERM;
    size_t next = 1;
    if (next < arguments.size() && arguments[next]->starts_with('-')) {
        std::string_view text = std::string_view(*arguments[next++]).substr(1);
        if (text == "s" && next < arguments.size()) text = *arguments[next++];
        const auto parsed = parse_signal(text);
        if (!parsed) {
            process.complain("kill", text, "invalid signal specification");
            return 1;
        }
        signal = *parsed;
    }
    int status = 0;
    for (; next < arguments.size(); ++next) {
        const auto pid = parse_number(*arguments[next]);
        const int error = pid ? process.kill(static_cast<int32_t>(*pid), signal) : -ESRCH;
        if (error == 0) continue;
        process.complain("kill", *arguments[next], "No such process");
        status = 1;
    }
    return status;
}

int command_wait(Process& process, Arguments) {
    int status = 0;
    for (Process* child : process.children) {
        if (!process.users().wait_for(*child)) break;
        status = child->status();
    }
    if (process.is_dying()) return 1;
    process.enter_kernel();
    process.leave_kernel("wait");
    return status;
}

int command_sleep(Process& process, Arguments arguments) {
    VirtualTime total = 0;
    for (const std::string* argument : arguments.subspan(1)) {
        const auto duration = parse_duration(*argument);
        if (!duration) {
            process.complain("sleep", "invalid time interval", *argument);
            return 1;
        }
        total += *duration;
    }
    return process.sleep(total) ? 0 : 1;
}

int command_usleep(Process& process, Arguments arguments) {
    const auto microseconds = arguments.size() > 1 ? parse_number(*arguments[1]) : std::nullopt;
    if (!microseconds || *microseconds < 0) return 1;
    return process.sleep(static_cast<VirtualTime>(*microseconds) * 1000) ? 0 : 1;
}

// raise LINE [CPU]: a device raises the line; waits a little, until it has been handled.
int command_raise(Process& process, Arguments arguments) {
    constexpr VirtualTime kHandlingNs = 10'000'000;
    const auto line = arguments.size() > 1 ? parse_number(*arguments[1]) : std::nullopt;
    const auto cpu = arguments.size() > 2 ? parse_number(*arguments[2]) : std::nullopt;
    const bool is_cpu_known = cpu && *cpu >= 0 && *cpu < machine().possible_cpus();
    if (!line || *line < 0 || *line >= static_cast<long>(machine::kIrqLines) || (arguments.size() > 2 && !is_cpu_known)) {
        process.complain("raise", "", "usage: raise LINE [CPU]");
        return 2;
    }
    process.enter_kernel();
    const auto number = static_cast<uint32_t>(*line);
    if (is_cpu_known) machine().line(number).affinity = machine::CpuId(static_cast<uint16_t>(*cpu));
    machine().raise_irq(number, 1);
    process.leave_kernel("write");
    return process.sleep(kHandlingNs) ? 0 : 1;
}

int command_timeout(Process& process, Arguments arguments) {
    const Options options(arguments, "sk");
    const auto duration =
        options.operands().size() > 1 ? parse_duration(*options.operands()[0]) : std::nullopt;
    if (!duration) {
        process.complain("timeout", "", "usage: timeout SECONDS COMMAND [ARGUMENT]...");
        return 125;
    }
    process.timeout.owner = &process;
    process.timeout.function = end_by_timeout;
    process.enter_kernel();
    machine().arm(process.timeout, machine().now() + *duration, machine().cpu());
    process.leave_kernel("timer_settime");
    const int status = run_arguments(process, options.operands().subspan(1));
    const bool was_armed = machine().disarm(process.timeout);
    if (was_armed || process.dying_of() != SIGTERM) return status;
    process.survive();
    return kStatusTimedOut;
}

int command_taskset(Process& process, Arguments arguments) {
    const Options options(arguments, "cp");
    const Arguments operands = options.operands();
    const auto list = options.value('c');
    std::optional<machine::CpuSet> cpus;
    Arguments command = operands;
    if (list) {
        cpus = parse_cpus(*list);
    } else if (!operands.empty()) {
        const std::string mask =
            operands[0]->starts_with("0x") ? *operands[0] : "0x" + *operands[0];
        if (const auto bits = parse_number(mask))
            cpus = machine::CpuSet(static_cast<unsigned long>(*bits));
        command = operands.subspan(1);
    }
    if (!cpus || command.empty()) {
        process.complain("taskset", "", "usage: taskset -c CPUS COMMAND [ARGUMENT]...");
        return 1;
    }
    const machine::CpuSet before = kernel().tasks->affinity(kernel().tasks->current());
    if (set_affinity(process, *cpus) != 0) {
        process.complain("taskset", "failed to set pid 0's affinity", "Invalid argument");
        return 1;
    }
    const int status = run_arguments(process, command);
    set_affinity(process, before);
    return status;
}

int command_exec(Process& process, Arguments arguments) {
    if (arguments.size() < 2) return 0;
    const bool replaces_shell = *arguments[0] == "exec";
    const int status = run_arguments(process, arguments.subspan(1));
    if (replaces_shell) process.wants_exit = true;
    return status;
}

int command_exit(Process& process, Arguments arguments) {
    process.wants_exit = true;
    return arguments.size() > 1 ? static_cast<int>(parse_number(*arguments[1]).value_or(2))
                                : process.last_status;
}

int command_break(Process& process, Arguments arguments) {
    process.loop_break =
        arguments.size() > 1 ? static_cast<int>(parse_number(*arguments[1]).value_or(1)) : 1;
    return 0;
}

int command_continue(Process& process, Arguments) {
    process.loop_continue = true;
    return 0;
}

int command_sh(Process& process, Arguments arguments) {
    if (arguments.size() < 3 || *arguments[1] != "-c") {
        process.complain("sh", "", "usage: sh -c COMMANDS");
        return 2;
    }
    auto program = shell::parse(*arguments[2]);
    if (!program) {
        process.complain("sh", "", program.error().message);
        return 2;
    }
    process.parsed.push_back(std::move(*program));
    return run_list(process, *process.parsed.back());
}

// ---- the machine --------------------------------------------------------------------------------

int command_nproc(Process& process, Arguments arguments) {
    process.enter_kernel();
    const bool all = arguments.size() > 1 && *arguments[1] == "--all";
    const machine::CpuSet usable =
        kernel().tasks->affinity(kernel().tasks->current()) & machine().online();
    const size_t count = all ? static_cast<size_t>(machine().possible_cpus()) : usable.count();
    process.leave_kernel("sched_getaffinity");
    process.print_format("%zu\n", count);
    return 0;
}

int command_uname(Process& process, Arguments arguments) {
    const Options options(arguments, "");
    std::string& out = process.new_text();
    const auto add = [&out](std::string_view text) {
        out.append(out.empty() ? "" : " ").append(text);
    };
    const bool all = options.has('a');
    if (all || options.has('s') || arguments.size() == 1) add("Linux");
    if (all || options.has('n')) add("kloom");
    if (all || options.has('r')) add(UTS_RELEASE);
    if (all || options.has('v')) add("#1 SMP PREEMPT_DYNAMIC");
    if (all || options.has('m')) add("x86_64");
    if (all) add("GNU/Linux");
    out += "\n";
    process.print(out);
    return 0;
}

int command_id(Process& process, Arguments arguments) {
    process.print(arguments.size() > 1 && *arguments[1] == "-u"
                      ? "0\n"
                      : "uid=0(root) gid=0(root) groups=0(root)\n");
    return 0;
}

int command_dmesg(Process& process, Arguments arguments) {
    const Options options(arguments, "n");
    process.enter_kernel();
    std::string& out = process.new_text();
    if (!options.has('C'))
        out = kernel().log->dmesg(options.has('r') ? LogForm::Raw : LogForm::Stamped);
    if (options.has('c') || options.has('C')) kernel().log->clear();
    process.leave_kernel("syslog");
    process.print(out);
    return 0;
}

// ---- modules ------------------------------------------------------------------------------------

int command_insmod(Process& process, Arguments arguments) {
    std::string& parameters = process.new_text();
    for (size_t index = 2; index < arguments.size(); ++index)
        parameters.append(index > 2 ? " " : "").append(*arguments[index]);
    process.enter_kernel();
    const int error = kernel().modules->insmod(parameters);
    process.leave_kernel("finit_module");
    if (error == 0) return 0;
    process.write_all(2, process.new_text() = kernel().modules->insmod_message(error) + "\n");
    return 1;
}

int command_rmmod(Process& process, Arguments arguments) {
    const std::string name = arguments.size() > 1 ? module_name_of(*arguments[1]) : kernel().module.name;
    process.enter_kernel();
    const int error = name == kernel().module.name ? kernel().modules->rmmod() : -ENOENT;
    process.leave_kernel("delete_module");
    if (error == 0) return 0;
    process.write_all(2, process.new_text() = ModuleService::rmmod_message(name, error) + "\n");
    return 1;
}

int command_lsmod(Process& process, Arguments) {
    process.enter_kernel();
    const bool is_loaded = kernel().modules->is_loaded();
    const ModuleImage& image = kernel().module;
    const int users = is_loaded ? kernel().modules->use_count() : 0;
    process.leave_kernel("read");
    process.print("Module                  Size  Used by\n");
    if (is_loaded)
        process.print_format("%-19s %8zu  %d\n", image.name.c_str(),
                             static_cast<size_t>(image.image_end - image.image_begin), users);
    return 0;
}

}  // namespace kloom::kernel
