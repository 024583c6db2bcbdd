// Property: the search over equivalence classes finds every class, and runs none twice.
//
// Random small programs of an abstract kernel (2 to 4 tasks, hardirq and softirq handlers on 1 to 3
// CPUs; reads, writes, two spin locks, preemption and interrupts switched off and on) are explored
// by plain enumeration and by ClassSearch. Both must reach the same final states, deadlocks among
// them, and the same classes: who read which write, who took each lock in which order. What may
// step is decided here by a model of its own, CPUs with stacks, and not by what the search uses.
//
// KLOOM_PROPERTY_SEED and KLOOM_PROPERTY_PROGRAMS choose other programs; the seed of a failing one
// is printed. Programs that are too large to enumerate are left out and counted.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <set>
#include <string>
#include <vector>

#include "base/prng.hpp"
#include "environment.hpp"
#include "explore/class_search.hpp"

namespace kloom::tests {
namespace {

using explore::Execution;
using explore::Level;
using explore::Plan;
using explore::Process;
using trace::OperationKind;
using trace::Scope;

constexpr size_t kVariables = 2;
constexpr size_t kLocks = 2;
constexpr size_t kCpusMax = 3;
constexpr size_t kPlainExecutionsMax = 4'000;
constexpr int kNobody = -1;

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

// ---- programs -----------------------------------------------------------------------------------

class Generator {
  public:
    explicit Generator(uint64_t seed) : prng_(seed) {}

    Program program() {
        const size_t cpus = 1 + prng_.below(kCpusMax);
        const size_t tasks = 2 + (prng_.below(4) == 0 ? 1 : 0) + (prng_.below(16) == 0 ? 1 : 0);
        locks_ = prng_.below(3);
        length_max_ = tasks == 2 ? 5 : tasks == 3 ? 3 : 2;
        Program program;
        for (size_t task = 0; task < tasks; ++task) add(program, Level::Task, cpus);
        if (prng_.below(2) == 0) add(program, Level::Hardirq, cpus);
        if (prng_.below(4) == 0) add(program, Level::Softirq, cpus);
        return program;
    }

  private:
    void add(Program& program, Level level, size_t cpus) {
        Context context{level, static_cast<size_t>(prng_.below(cpus)), {}};
        const size_t length = 1 + prng_.below(length_max_);
        int preemption_off = 0;
        bool irqs_off = false;
        std::vector<size_t> held;
        while (context.code.size() < length) {
            const uint64_t kind = prng_.below(12);
            const size_t variable = prng_.below(kVariables);
            if (kind < 4) {
                context.code.push_back({Action::Read, variable});
            } else if (kind < 8) {
                context.code.push_back({Action::Write, variable});
            } else if (kind == 8 && level == Level::Task) {
                const bool ends = preemption_off != 0 && prng_.below(2) == 0;
                preemption_off += ends ? -1 : 1;
                context.code.push_back({ends ? Action::PreemptOn : Action::PreemptOff});
            } else if (kind == 9 && level != Level::Hardirq) {
                context.code.push_back({irqs_off ? Action::IrqsOn : Action::IrqsOff});
                irqs_off = !irqs_off;
            } else if (kind > 9 && locks_ != 0) {
                add_lock(context, held);
            }
        }
        for (; !held.empty(); held.pop_back())
            context.code.push_back({Action::Unlock, held.back()});
        if (irqs_off) context.code.push_back({Action::IrqsOn});
        for (; preemption_off != 0; --preemption_off) context.code.push_back({Action::PreemptOn});
        program.push_back(std::move(context));
    }

    void add_lock(Context& context, std::vector<size_t>& held) {
        const size_t lock = prng_.below(locks_);
        if (!held.empty() && prng_.below(2) == 0) {
            context.code.push_back({Action::Unlock, held.back()});
            held.pop_back();
        } else if (std::find(held.begin(), held.end(), lock) == held.end()) {
            context.code.push_back({Action::Lock, lock});
            held.push_back(lock);
        }
    }

    base::Prng prng_;
    size_t locks_ = 0;
    size_t length_max_ = 0;
};

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
std::string class_of(const Program& program, const Plan& steps) {
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

// ---- both searches ------------------------------------------------------------------------------

class Enumeration {
  public:
    explicit Enumeration(const Program& program) : program_(program) { go_on(Kernel(program)); }

    bool is_complete() const { return executions_ < kPlainExecutionsMax; }
    size_t executions() const { return executions_; }
    const std::set<std::string>& classes() const { return classes_; }

  private:
    void go_on(const Kernel& kernel) {
        bool is_over = true;
        for (Process process = 0; process < program_.size() && is_complete(); ++process) {
            if (!kernel.can_step(process)) continue;
            is_over = false;
            Kernel after = kernel;
            after.step(process);
            steps_.push_back(process);
            go_on(after);
            steps_.pop_back();
        }
        if (!is_over || !is_complete()) return;
        ++executions_;
        classes_.insert(class_of(program_, steps_));
    }

    const Program& program_;
    Plan steps_;
    size_t executions_ = 0;
    std::set<std::string> classes_;
};

explore::Step step_of(Process process, const Instruction& instruction) {
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
bool run(const Program& program, const Plan& plan, Execution& execution, Plan& steps) {
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

TEST(ClassSearch, FindsEveryClassOnce) {
    const uint64_t first_seed = number_from_environment("KLOOM_PROPERTY_SEED", 1);
    const uint64_t programs = number_from_environment("KLOOM_PROPERTY_PROGRAMS", 120'000);
    size_t compared = 0;
    size_t plain_executions = 0;
    size_t classes = 0;
    size_t executions = 0;
    for (uint64_t seed = first_seed; seed < first_seed + programs; ++seed) {
        const Program program = Generator(seed).program();
        const Enumeration all(program);
        if (!all.is_complete()) continue;
        ++compared;
        plain_executions += all.executions();
        classes += all.classes().size();

        explore::ClassSearch search;
        std::set<std::string> found;
        while (const auto plan = search.next()) {
            Execution execution;
            Plan steps;
            ASSERT_TRUE(run(program, *plan, execution, steps)) << "seed " << seed;
            found.insert(class_of(program, steps));
            search.add(std::move(execution));
            ASSERT_LE(search.executions(), all.executions()) << "seed " << seed;
        }
        executions += search.executions();
        ASSERT_EQ(found, all.classes()) << "seed " << seed;
    }
    std::printf(
        "seeds %llu to %llu: %zu programs compared, %zu too large; %zu executions by enumeration, "
        "%zu classes, "
        "%zu executions by class (%.3f for each)\n",
        static_cast<unsigned long long>(first_seed),
        static_cast<unsigned long long>(first_seed + programs - 1), compared, programs - compared,
        plain_executions, classes, executions,
        static_cast<double>(executions) / static_cast<double>(classes));
    EXPECT_GT(compared, programs * 3 / 4);
    EXPECT_EQ(executions, classes);
}

}  // namespace
}  // namespace kloom::tests
