// An abstract kernel, for searches that know nothing of the machine: contexts on CPUs that read,
// write, take locks and switch preemption and interrupts off and on. What may step is decided here
// by CPUs with stacks, and not by what a search uses.
#pragma once

#include <array>
#include <set>
#include <string>
#include <vector>

#include "explore/class_search.hpp"

namespace kloom::tests {

using explore::Execution;
using explore::Level;
using explore::Plan;
using explore::Process;
using trace::OperationKind;
using trace::Scope;

inline constexpr size_t kVariables = 6;
inline constexpr size_t kLocks = 3;
inline constexpr size_t kCpusMax = 3;
inline constexpr int kNobody = -1;

enum class Action : uint8_t { Read, Write, Lock, Unlock, PreemptOff, PreemptOn, IrqsOff, IrqsOn };

struct Instruction {
    Action action;
    size_t object = 0;
};

struct Context {
    Level level = Level::Task;
    size_t cpu = 0;
    std::vector<Instruction> code;
};

using Program = std::vector<Context>;

// ---- the model ----------------------------------------------------------------------------------

// The abstract kernel: each CPU has a stack of handlers above its tasks.
class Kernel {
  public:
    explicit Kernel(const Program& program) : program_(program), contexts_(program.size()) {
        owners_.fill(kNobody);
    }

    const Instruction* next(Process process) const {
        const size_t at = contexts_[process].at;
        return at < program_[process].code.size() ? &program_[process].code[at] : nullptr;
    }

    bool can_step(Process process) const {
        const Instruction* instruction = next(process);
        if (instruction == nullptr) return false;
        const Context& context = program_[process];
        const std::vector<Process>& handlers = handlers_[context.cpu];
        const bool is_on_top = !handlers.empty() && handlers.back() == process;
        if (context.level == Level::Task) {
            if (!handlers.empty() || !owns_cpu(process)) return false;
        } else if (!is_on_top && !may_arrive(context)) {
            return false;
        }
        return instruction->action != Action::Lock || owners_[instruction->object] == kNobody;
    }

    void step(Process process) {
        const Context& context = program_[process];
        State& state = contexts_[process];
        if (context.level != Level::Task && state.at == 0)
            handlers_[context.cpu].push_back(process);
        const Instruction instruction = context.code[state.at++];
        switch (instruction.action) {
            case Action::Read:
            case Action::Write:
                break;
            case Action::Lock:
                owners_[instruction.object] = process;
                break;
            case Action::Unlock:
                owners_[instruction.object] = kNobody;
                break;
            case Action::PreemptOff:
                ++state.preemption_off;
                break;
            case Action::PreemptOn:
                --state.preemption_off;
                break;
            case Action::IrqsOff:
                state.irqs_off = true;
                break;
            case Action::IrqsOn:
                state.irqs_off = false;
                break;
        }
        if (context.level != Level::Task && state.at == context.code.size())
            handlers_[context.cpu].pop_back();
    }

    // How the process stands now, in the words of the search.
    explore::Standing standing(Process process) const {
        const State& state = contexts_[process];
        const bool is_handler = program_[process].level != Level::Task;
        return {.is_handling = is_handler && state.at != 0 && next(process) != nullptr,
                .preemption_off = state.preemption_off != 0,
                .irqs_off = state.irqs_off};
    }

    std::string positions() const {
        std::string text;
        for (const State& state : contexts_) text += static_cast<char>('a' + state.at);
        return text;
    }

  private:
    struct State {
        size_t at = 0;
        int preemption_off = 0;
        bool irqs_off = false;
    };

    // No other task has taken the CPU for itself.
    bool owns_cpu(Process process) const {
        for (Process other = 0; other < program_.size(); ++other)
            if (other != process && program_[other].level == Level::Task &&
                program_[other].cpu == program_[process].cpu &&
                (contexts_[other].preemption_off != 0 || contexts_[other].irqs_off))
                return false;
        return true;
    }

    // Whether a handler that has not begun may interrupt what runs on its CPU.
    bool may_arrive(const Context& context) const {
        for (Process other = 0; other < program_.size(); ++other)
            if (program_[other].cpu == context.cpu && contexts_[other].irqs_off) return false;
        const std::vector<Process>& handlers = handlers_[context.cpu];
        return handlers.empty() || (context.level == Level::Hardirq &&
                                    program_[handlers.back()].level == Level::Softirq);
    }

    const Program& program_;
    std::vector<State> contexts_;
    std::array<int, kLocks> owners_{};
    std::array<std::vector<Process>, kCpusMax> handlers_;
};

// The class of an execution: for each variable its writes and the reads between them, for each lock
// who took it in turn, and where everybody ended.
inline std::string class_of(const Program& program, const Plan& steps) {
    std::array<std::string, kVariables> accesses;
    std::array<std::set<std::string>, kVariables> reads;
    std::array<std::string, kLocks> takings;
    Kernel kernel(program);
    const auto close_reads = [&](size_t variable) {
        for (const std::string& read : reads[variable]) accesses[variable] += read;
        reads[variable].clear();
    };
    for (const Process process : steps) {
        const Instruction instruction = *kernel.next(process);
        const std::string name = std::to_string(process) + kernel.positions()[process];
        if (instruction.action == Action::Read) reads[instruction.object].insert(name);
        if (instruction.action == Action::Lock) takings[instruction.object] += name;
        if (instruction.action == Action::Write) {
            close_reads(instruction.object);
            accesses[instruction.object] += "=" + name;
        }
        kernel.step(process);
    }
    std::string text = kernel.positions();
    for (size_t variable = 0; variable < kVariables; ++variable) {
        close_reads(variable);
        text += "|" + accesses[variable];
    }
    for (const std::string& taking : takings) text += "/" + taking;
    return text;
}

// ---- for a search --------------------------------------------------------------------------------

inline explore::Step step_of(Process process, const Instruction& instruction) {
    explore::Step step{
        .process = process, .kind = OperationKind::Local, .footprint = {}, .after = {}};
    step.footprint.scope = Scope::CpuLocal;
    const bool is_access =
        instruction.action == Action::Read || instruction.action == Action::Write;
    const bool is_lock = instruction.action == Action::Lock || instruction.action == Action::Unlock;
    if (is_access || is_lock) {
        step.footprint = {
            .address = 0x1000 + 8 * instruction.object, .size = 4, .scope = Scope::Memory};
        step.footprint.is_write = instruction.action != Action::Read;
        step.kind = OperationKind::Access;
    }
    if (is_lock) {
        step.footprint.address += 0x1000;
        step.footprint.scope = Scope::Object;
        step.kind =
            instruction.action == Action::Lock ? OperationKind::Acquire : OperationKind::Release;
    }
    return step;
}

// What a plan leads to; false when the model does not allow it.
inline bool run(const Program& program, const Plan& plan, Execution& execution, Plan& steps) {
    Kernel kernel(program);
    for (const Context& context : program)
        execution.processes.push_back(
            {context.level, trace::CpuId(static_cast<uint16_t>(context.cpu))});
    const auto step = [&](Process process) {
        explore::Step done = step_of(process, *kernel.next(process));
        kernel.step(process);
        done.after = kernel.standing(process);
        execution.steps.push_back(done);
        steps.push_back(process);
    };
    for (const Process process : plan) {
        if (!kernel.can_step(process)) return false;
        step(process);
    }
    for (bool goes_on = true; goes_on;) {
        goes_on = false;
        for (Process process = 0; process < program.size() && !goes_on; ++process) {
            if (!kernel.can_step(process)) continue;
            step(process);
            goes_on = true;
        }
    }
    for (Process process = 0; process < program.size(); ++process)
        if (const Instruction* next = kernel.next(process))
            execution.pending.push_back(step_of(process, *next));
    return true;
}

}  // namespace kloom::tests
