// Property: the search over equivalence classes finds every class, and runs none twice.
//
// Random small programs of an abstract kernel (2 to 4 tasks, hardirq and softirq handlers on 1 to 3
// CPUs; reads, writes, two spin locks, preemption and interrupts switched off and on) are explored
// by plain enumeration and by ClassSearch. Both must reach the same final states, deadlocks among
// them, and the same classes: who read which write, who took each lock in which order.
//
// KLOOM_PROPERTY_SEED and KLOOM_PROPERTY_PROGRAMS choose other programs; the seed of a failing one
// is printed. Programs that are too large to enumerate are left out and counted.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <set>
#include <string>
#include <vector>

#include "abstract_kernel.hpp"
#include "base/prng.hpp"
#include "environment.hpp"

namespace kloom::tests {
namespace {

constexpr size_t kVariablesUsed = 2;
constexpr size_t kLocksMax = 2;
constexpr size_t kPlainExecutionsMax = 4'000;

// ---- programs -----------------------------------------------------------------------------------

class Generator {
  public:
    explicit Generator(uint64_t seed) : prng_(seed) {}

    Program program() {
        const size_t cpus = 1 + prng_.below(kCpusMax);
        const size_t tasks = 2 + (prng_.below(4) == 0 ? 1 : 0) + (prng_.below(16) == 0 ? 1 : 0);
        locks_ = prng_.below(kLocksMax + 1);
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
            const size_t variable = prng_.below(kVariablesUsed);
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
