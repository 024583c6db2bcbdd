// Property: the reduced search loses nothing.
//
// Random small programs (2 to 3 tasks and an interrupt handler on 1 or 2 CPUs; reads, writes, increments, a lock, interrupts
// and preemption switched off and on, a sleep) are explored by plain enumeration and with sleep sets. Both must reach the
// same set of outcomes: final values, and what every read saw.
//
// KLOOM_PROPERTY_SEED and KLOOM_PROPERTY_PROGRAMS choose other programs; the seed of a failing one is printed. Programs that are
// too large to enumerate are left out; more than 100 of the default 300 remain, so a wrong dependency that affects one program in
// seven is missed with a chance of (6/7)^101, below one in a million.

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "../unit/machine/toy_program.hpp"
#include "environment.hpp"
#include "base/prng.hpp"
#include "explore/bounded.hpp"
#include "explore/replay.hpp"
#include "explore/sleep_sets.hpp"

namespace kloom::tests {
namespace {

constexpr int kVariables = 2;
constexpr uint64_t kPlainExecutionsMax = 20'000;

enum class Action { Read, Write, Increment, Lock, Unlock, IrqOff, IrqOn, PreemptOff, PreemptOn, Sleep };

struct Instruction {
    Action action;
    int variable;
};

using Code = std::vector<Instruction>;

// A program and everything that its executions change.
class RandomProgram {
  public:
    RandomProgram(uint64_t seed, const machine::MachineConfig& config) : toy_(config) {
        base::Prng prng(seed);
        const uint64_t tasks = prng.below(4) == 0 ? 3 : 2;
        for (uint64_t task = 0; task < tasks; ++task) codes_.push_back(generate(prng, tasks == 2 ? 2 : 1));
        if (tasks == 2 && prng.below(3) == 0) handler_ = {{Action::Increment, static_cast<int>(prng.below(kVariables))}};
        for (int& variable : variables_) toy_.share(&variable, sizeof variable);
        toy_.setup = [this] { reset(); };
        toy_.finish = [this] { outcomes.insert(outcome()); };
        toy_.on_irq = [this] {
            for (const Instruction& instruction : handler_) execute(instruction, observed_.back());
        };
        for (size_t task = 0; task < codes_.size(); ++task)
            toy_.tasks.push_back([this, task] {
                for (const Instruction& instruction : codes_[task]) execute(instruction, observed_[task]);
            });
    }

    ToyProgram& toy() { return toy_; }
    std::set<std::string> outcomes;

  private:
    // Critical regions are well nested: at most one is open, and it is closed at the end.
    static Code generate(base::Prng& prng, int length) {
        Code code;
        static constexpr Action kOpen[] = {Action::Lock, Action::IrqOff, Action::PreemptOff};
        static constexpr Action kClose[] = {Action::Unlock, Action::IrqOn, Action::PreemptOn};
        int open = -1;
        for (int i = 0; i < length; ++i) {
            const int variable = static_cast<int>(prng.below(kVariables));
            if (open < 0 && prng.below(4) == 0) {
                open = static_cast<int>(prng.below(3));
                code.push_back({kOpen[open], 0});
            }
            const uint64_t kind = prng.below(7);
            if (kind == 6 && open < 0) {
                code.push_back({Action::Sleep, 0});
            } else {
                code.push_back({static_cast<Action>(kind % 3), variable});
            }
            if (open >= 0 && prng.below(2) == 0) {
                code.push_back({kClose[open], 0});
                open = -1;
            }
        }
        if (open >= 0) code.push_back({kClose[open], 0});
        return code;
    }

    void reset() {
        for (int& variable : variables_) variable = 0;
        lock_ = 0;
        observed_.assign(codes_.size() + 1, "");
        if (handler_.empty()) return;
        toy_.machine().line(5).is_requested = true;
        toy_.machine().raise_irq(5);
    }

    void execute(const Instruction& instruction, std::string& observed) {
        machine::Machine& machine = toy_.machine();
        int& variable = variables_[instruction.variable];
        switch (instruction.action) {
            case Action::Read: observed += std::to_string(ToyProgram::read(variable)); break;
            case Action::Write: ToyProgram::write(variable, machine.current().id.value); break;
            case Action::Increment: ToyProgram::increment(variable); break;
            case Action::Lock:
                machine.step_local(1);
                machine.add_preempt_count(1);
                machine.step({.kind = trace::OperationKind::Acquire,
                              .footprint = {.address = reinterpret_cast<uintptr_t>(&lock_), .size = 1, .scope = trace::Scope::Object},
                              .pc = 1,
                              .is_ready = [](const void* lock) { return *static_cast<const int*>(lock) == 0; },
                              .ready_argument = &lock_});
                lock_ = 1;
                break;
            case Action::Unlock:
                machine.step_object(trace::OperationKind::Release, &lock_, 1);
                lock_ = 0;
                machine.sub_preempt_count(1);
                break;
            case Action::IrqOff:
                machine.step_local(1);
                machine.set_irqs_disabled(true);
                break;
            case Action::IrqOn:
                machine.step_local(1);
                machine.set_irqs_disabled(false);
                break;
            case Action::PreemptOff:
                machine.step_local(1);
                machine.add_preempt_count(1);
                break;
            case Action::PreemptOn:
                machine.step_local(1);
                machine.sub_preempt_count(1);
                break;
            case Action::Sleep:
                if (machine.current().kind == trace::PathKind::Task) machine.sleep_until(machine.now() + 1000, "test", nullptr);
                break;
        }
    }

    std::string outcome() const {
        std::string text;
        for (int variable : variables_) text += std::to_string(variable) + ",";
        for (const std::string& observed : observed_) text += observed + ";";
        return text;
    }

    ToyProgram toy_;
    std::vector<Code> codes_;
    Code handler_;
    int variables_[kVariables] = {};
    int lock_ = 0;
    std::vector<std::string> observed_;  // what each task, then the handler, read
};

machine::MachineConfig random_config(uint64_t seed) {
    machine::MachineConfig config;
    base::Prng prng(seed ^ 0xc0ffee);
    config.cpus = config.possible_cpus = 1 + static_cast<int>(prng.below(2));
    if (prng.below(4) == 0) config.preempt = machine::PreemptModel::None;
    return config;
}

// Explores at most `executions_max` executions; returns how many there were.
uint64_t explore(RandomProgram& program, explore::Strategy& strategy, uint64_t executions_max) {
    uint64_t executions = 0;
    while (executions < executions_max && strategy.begin_execution()) {
        strategy.end_execution(program.toy().run(strategy));
        ++executions;
    }
    return executions;
}

TEST(Exploration, SleepSetsLoseNoOutcome) {
    const uint64_t first_seed = number_from_environment("KLOOM_PROPERTY_SEED", 1);
    const uint64_t programs = number_from_environment("KLOOM_PROPERTY_PROGRAMS", 300);
    uint64_t compared = 0;
    uint64_t plain_executions = 0;
    uint64_t reduced_executions = 0;
    for (uint64_t seed = first_seed; seed < first_seed + programs; ++seed) {
        std::set<std::string> plain_outcomes;
        uint64_t plain_count = 0;
        {
            RandomProgram program(seed, random_config(seed));
            explore::BoundedSearch plain(1000);
            plain_count = explore(program, plain, kPlainExecutionsMax);
            if (!plain.is_complete()) continue;  // too large to enumerate
            plain_outcomes = std::move(program.outcomes);
        }
        RandomProgram program(seed, random_config(seed));
        explore::SleepSetSearch reduced;
        reduced_executions += explore(program, reduced, ~uint64_t{0});
        plain_executions += plain_count;
        ASSERT_TRUE(reduced.is_complete()) << "seed " << seed;
        ASSERT_EQ(program.outcomes, plain_outcomes) << "seed " << seed;
        ++compared;
    }
    std::printf("seeds %llu to %llu: %llu programs compared, %llu executions plain, %llu with sleep sets\n",
                static_cast<unsigned long long>(first_seed), static_cast<unsigned long long>(first_seed + programs - 1),
                static_cast<unsigned long long>(compared), static_cast<unsigned long long>(plain_executions),
                static_cast<unsigned long long>(reduced_executions));
    EXPECT_GT(compared, programs / 3);
}

TEST(Exploration, EveryExecutionReplaysFromItsSchedule) {
    const uint64_t first_seed = number_from_environment("KLOOM_PROPERTY_SEED", 1);
    for (uint64_t seed = first_seed; seed < first_seed + 100; ++seed) {
        RandomProgram program(seed, random_config(seed));
        explore::BoundedSearch search(2);
        for (int execution = 0; execution < 50 && search.begin_execution(); ++execution) {
            program.outcomes.clear();
            const trace::ExecutionSummary summary = program.toy().run(search);
            search.end_execution(summary);
            const std::set<std::string> outcome = std::exchange(program.outcomes, {});

            explore::Replay replay(search.schedule());
            replay.begin_execution();
            const trace::ExecutionSummary again = program.toy().run(replay);
            replay.end_execution(again);

            ASSERT_TRUE(replay.fits()) << "seed " << seed << " execution " << execution;
            ASSERT_EQ(program.outcomes, outcome) << "seed " << seed << " execution " << execution;
            ASSERT_EQ(again.events, summary.events) << "seed " << seed << " execution " << execution;
        }
    }
}

}  // namespace
}  // namespace kloom::tests
