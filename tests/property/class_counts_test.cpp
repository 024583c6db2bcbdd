// How many executions the search over equivalence classes takes to programs whose classes are
// known, and to those that show what it is worth for kernel code.
#include <gtest/gtest.h>

#include <cstdio>
#include <map>
#include <string>

#include "abstract_kernel.hpp"

namespace kloom::tests {
namespace {

Context task(size_t cpu, std::vector<Instruction> code) {
    return {Level::Task, cpu, std::move(code)};
}

void append(std::vector<Instruction>& code, const std::vector<Instruction>& more) {
    code.insert(code.end(), more.begin(), more.end());
}

std::vector<Instruction> increment(size_t variable) {
    return {{Action::Read, variable}, {Action::Write, variable}};
}

// Tasks on CPUs of their own that repeat `code`.
Program repeated(size_t tasks, size_t rounds, const std::vector<Instruction>& code) {
    Program program;
    for (size_t number = 0; number < tasks; ++number) {
        program.push_back(task(number, {}));
        for (size_t round = 0; round < rounds; ++round) append(program.back().code, code);
    }
    return program;
}

// The executions of a whole search, each of another class.
size_t search(const Program& program) {
    explore::ClassSearch search;
    std::set<std::string> classes;
    while (const auto plan = search.next()) {
        Execution execution;
        Plan steps;
        EXPECT_TRUE(run(program, *plan, execution, steps));
        EXPECT_TRUE(classes.insert(class_of(program, steps)).second) << "a class is run twice";
        search.add(std::move(execution));
    }
    return search.executions();
}

// All orders of the program's steps. A state is how far each context is: of handlers on one CPU there
// is one here.
uint64_t count_interleavings(const Program& program, const Kernel& kernel,
                             std::map<std::string, uint64_t>& known) {
    const auto [entry, is_new] = known.try_emplace(kernel.positions(), 0);
    if (!is_new) return entry->second;
    uint64_t count = 0;
    bool is_over = true;
    for (Process process = 0; process < program.size(); ++process) {
        if (!kernel.can_step(process)) continue;
        is_over = false;
        Kernel after = kernel;
        after.step(process);
        count += count_interleavings(program, after, known);
    }
    return known[kernel.positions()] = is_over ? 1 : count;
}

uint64_t count_interleavings(const Program& program) {
    std::map<std::string, uint64_t> known;
    return count_interleavings(program, Kernel(program), known);
}

// The numbers are those that source-set and optimal partial-order reduction come to.
TEST(ClassSearch, TakesOneExecutionForEachClassOfKnownPrograms) {
    EXPECT_EQ(search(repeated(2, 1, increment(0))), 4u);
    EXPECT_EQ(search(repeated(2, 2, increment(0))), 34u);
    EXPECT_EQ(search(repeated(2, 3, increment(0))), 328u);
    EXPECT_EQ(search(repeated(2, 4, increment(0))), 3'334u);
    EXPECT_EQ(search(repeated(3, 1, increment(0))), 36u);

    const std::vector<Instruction> locked = {
        {Action::Lock, 0}, {Action::Read, 0}, {Action::Write, 0}, {Action::Unlock, 0}};
    EXPECT_EQ(search(repeated(2, 3, locked)), 20u);
}

TEST(ClassSearch, PhilosophersHaveSixOrdersAndADeadlock) {
    Program philosophers;
    for (size_t number = 0; number < 3; ++number) {
        const size_t left = number;
        const size_t right = (number + 1) % 3;
        philosophers.push_back(task(number, {{Action::Lock, left},
                                             {Action::Lock, right},
                                             {Action::Unlock, right},
                                             {Action::Unlock, left}}));
    }
    EXPECT_EQ(search(philosophers), 7u);
}

// On each of two CPUs a task and an interrupt handler count; the task accesses four times more what
// is its own. `begin` and `end` are around its counting.
Program counters(const std::vector<Instruction>& begin, const std::vector<Instruction>& end) {
    Program program;
    for (size_t cpu = 0; cpu < 2; ++cpu) {
        const size_t counter = cpu;
        const size_t own = 2 + cpu;
        Context counting = task(cpu, begin);
        append(counting.code, increment(counter));
        append(counting.code, end);
        for (int access = 0; access < 4; ++access)
            counting.code.push_back({Action::Write, own});
        program.push_back(std::move(counting));
        program.push_back({Level::Hardirq, cpu, increment(counter)});
    }
    return program;
}

void expect_showcase(const char* what, const Program& program, uint64_t interleavings,
                     size_t executions) {
    EXPECT_EQ(count_interleavings(program), interleavings) << what;
    EXPECT_EQ(search(program), executions) << what;
    std::printf("%s: %llu interleavings, %zu executions\n", what,
                static_cast<unsigned long long>(interleavings), executions);
}

// Each handler comes before, within or after the task's counting; interrupts off leave two of these.
TEST(ClassSearch, CountersPerCpuTakeAHandfulOfExecutions) {
    expect_showcase("per-CPU counter and interrupt", counters({}, {}), 630'630, 9);
    expect_showcase("interrupts off", counters({{Action::IrqsOff}}, {{Action::IrqsOn}}), 6'651'216,
                    4);
    expect_showcase("preemption off", counters({{Action::PreemptOff}}, {{Action::PreemptOn}}),
                    14'965'236, 9);
}

}  // namespace
}  // namespace kloom::tests
