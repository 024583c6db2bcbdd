#include "machine/machine.hpp"

#include <gtest/gtest.h>

#include <set>

#include "explore/bounded.hpp"
#include "explore/replay.hpp"
#include "explore/sleep_sets.hpp"
#include "toy_program.hpp"

namespace kloom::tests {
namespace {

using explore::BoundedSearch;
using explore::SleepSetSearch;
using trace::VirtualTime;

machine::MachineConfig config(int cpus) {
    machine::MachineConfig config;
    config.cpus = config.possible_cpus = cpus;
    return config;
}

// Two tasks increment a variable; the values that it can end with.
struct LostUpdate {
    explicit LostUpdate(int cpus) : program(config(cpus)) {
        program.setup = [this] { variable = 0; };
        program.tasks = {[this] { ToyProgram::increment(variable); }, [this] { ToyProgram::increment(variable); }};
        program.finish = [this] { results.insert(variable); };
        program.share(&variable, sizeof variable);
    }
    int variable = 0;
    std::set<int> results;
    ToyProgram program;
};

TEST(Machine, LostUpdateNeedsOnePreemption) {
    LostUpdate lost_update(2);
    BoundedSearch none(0);
    lost_update.program.explore(none);
    EXPECT_EQ(lost_update.results, std::set<int>{2});
    EXPECT_FALSE(none.is_exhaustive());

    BoundedSearch one(1);
    lost_update.program.explore(one);
    EXPECT_EQ(lost_update.results, (std::set<int>{1, 2}));
}

TEST(Machine, LostUpdateOnOneCpuNeedsPreemptionOfATask) {
    LostUpdate lost_update(1);
    BoundedSearch one(1);
    lost_update.program.explore(one);
    EXPECT_EQ(lost_update.results, (std::set<int>{1, 2}));
}

TEST(Machine, WithoutKernelPreemptionOneCpuLosesNothing) {
    machine::MachineConfig no_preemption = config(1);
    no_preemption.preempt = machine::PreemptModel::None;
    ToyProgram program(no_preemption);
    int variable = 0;
    std::set<int> results;
    program.share(&variable, sizeof variable);
    program.setup = [&] { variable = 0; };
    program.tasks = {[&] { ToyProgram::increment(variable); }, [&] { ToyProgram::increment(variable); }};
    program.finish = [&] { results.insert(variable); };
    SleepSetSearch everything;
    program.explore(everything);
    EXPECT_EQ(results, std::set<int>{2});
    EXPECT_TRUE(everything.is_complete());
}

TEST(Machine, SleepSetsReachTheSameResultsWithFewerExecutions) {
    LostUpdate lost_update(2);
    BoundedSearch all(100);
    const ToyProgram::Count plain = lost_update.program.explore(all);
    EXPECT_TRUE(all.is_exhaustive());
    const std::set<int> plain_results = std::exchange(lost_update.results, {});

    SleepSetSearch sleep_sets;
    const ToyProgram::Count reduced = lost_update.program.explore(sleep_sets);
    EXPECT_TRUE(sleep_sets.is_complete());
    EXPECT_EQ(lost_update.results, plain_results);
    EXPECT_LT(reduced.executions, plain.executions);
}

TEST(Machine, AnExecutionReplaysFromItsDeviations) {
    LostUpdate lost_update(2);
    trace::Schedule losing;
    BoundedSearch search(1);
    while (search.begin_execution()) {
        lost_update.results.clear();
        search.end_execution(lost_update.program.run(search));
        if (lost_update.results.contains(1)) {
            losing = search.schedule();
            break;
        }
    }
    ASSERT_FALSE(losing.empty());
    lost_update.program.machine().visible().clear();  // positions do not depend on what is visible

    lost_update.results.clear();
    explore::Replay replay(losing);
    lost_update.program.explore(replay);

    EXPECT_TRUE(replay.fits());
    EXPECT_EQ(lost_update.results, std::set<int>{1});
}

TEST(Machine, AnInterruptHandlerRunsToItsEndInTheMiddleOfATask) {
    ToyProgram program(config(1));
    int variable = 0;
    std::set<int> results;
    program.share(&variable, sizeof variable);
    program.setup = [&] {
        variable = 0;
        program.machine().line(5).is_requested = true;
        program.machine().raise_irq(5);
    };
    program.tasks = {[&] { ToyProgram::increment(variable); }};
    program.on_irq = [&] {
        EXPECT_TRUE(program.machine().current().in_hardirq());
        EXPECT_TRUE(program.machine().current().irqs_disabled);
        ToyProgram::increment(variable);
    };
    program.finish = [&] { results.insert(variable); };
    SleepSetSearch everything;
    program.explore(everything);
    EXPECT_EQ(results, (std::set<int>{1, 2}));
}

TEST(Machine, InterruptsOffKeepTheHandlerOut) {
    ToyProgram program(config(1));
    int variable = 0;
    std::set<int> results;
    program.share(&variable, sizeof variable);
    program.setup = [&] {
        variable = 0;
        program.machine().line(5).is_requested = true;
        program.machine().raise_irq(5);
    };
    program.tasks = {[&] {
        program.machine().step_local(1);
        program.machine().set_irqs_disabled(true);
        ToyProgram::increment(variable);
        program.machine().set_irqs_disabled(false);
        program.machine().step_local(1);
    }};
    program.on_irq = [&] { ToyProgram::increment(variable); };
    program.finish = [&] { results.insert(variable); };
    SleepSetSearch everything;
    program.explore(everything);
    EXPECT_EQ(results, (std::set<int>{1, 2}) /* 1: the program ended before the interrupt came */);
    results.clear();
    program.finish = [&] {
        if (program.machine().line(5).pending == 0) results.insert(variable);
    };
    SleepSetSearch again;
    program.explore(again);
    EXPECT_EQ(results, std::set<int>{2});
}

TEST(Machine, TimeMovesOnlyWhenNothingCanStep) {
    ToyProgram program(config(1));
    std::vector<trace::VirtualTime> times;
    program.tasks = {[&] {
        times.push_back(program.machine().now());
        program.machine().sleep_until(program.machine().now() + 1000, "test", nullptr);
        times.push_back(program.machine().now());
        program.machine().delay(500, 1);
        times.push_back(program.machine().now());
    }};
    explore::Replay once({});
    program.explore(once);
    EXPECT_EQ(times, (std::vector<trace::VirtualTime>{0, 1000, 1500}));
}

TEST(Machine, ASoftirqRaisedByAnInterruptRunsAtItsExit) {
    ToyProgram program(config(1));
    std::vector<std::string> order;
    program.setup = [&] {
        order.clear();
        program.machine().line(5).is_requested = true;
        program.machine().raise_irq(5);
    };
    program.on_irq = [&] {
        order.push_back("irq");
        program.machine().raise_softirq(3);
        order.push_back("irq end");
    };
    program.on_softirq = [&] {
        order.push_back("softirq");
        EXPECT_TRUE(program.machine().current().in_serving_softirq());
        EXPECT_FALSE(program.machine().current().irqs_disabled);
    };
    program.tasks = {[&] { program.machine().sleep_until(program.machine().now() + 1000, "test", nullptr); }};
    explore::Replay once({});
    program.explore(once);
    EXPECT_EQ(order, (std::vector<std::string>{"irq", "irq end", "softirq"}));
}

TEST(Machine, ASpinLoopLetsOthersGoOnAndTimePass) {
    ToyProgram program(config(2));
    int flag = 0;
    program.share(&flag, sizeof flag);
    bool seen = false;
    program.setup = [&] {
        flag = 0;
        seen = false;
    };
    program.tasks = {[&] {
                         while (ToyProgram::read(flag) == 0) program.machine().relax(1);
                         seen = true;
                     },
                     [&] {
                         program.machine().sleep_until(program.machine().now() + 20'000'000, "test", nullptr);
                         ToyProgram::write(flag, 1);
                     }};
    explore::Replay once({});
    program.explore(once);
    EXPECT_TRUE(seen);
}

// Counts the events of one kind.
struct Counter final : trace::Observer {
    explicit Counter(trace::EventKind kind) : kind(kind) {}
    uint64_t interests() const override { return trace::interests_of(kind); }
    void on_event(const trace::Event&) override { ++count; }

    trace::EventKind kind;
    int count = 0;
};

// A loop of more events than a soft lockup takes, each round inside preempt_disable() or all of it.
int soft_lockups(bool is_around_each_round) {
    machine::MachineConfig small = config(1);
    small.lockup_events = 100;
    ToyProgram program(small);
    Counter lockups(trace::EventKind::Misuse);
    program.machine().observers().add(lockups);
    int variable = 0;
    program.tasks = {[&] {
        machine::Machine& machine = machine::machine();
        if (!is_around_each_round) machine.add_preempt_count(trace::kPreemptOffset);
        for (int round = 0; round < 200; ++round) {
            if (is_around_each_round) machine.add_preempt_count(trace::kPreemptOffset);
            ToyProgram::increment(variable);
            if (is_around_each_round) machine.sub_preempt_count(trace::kPreemptOffset);
        }
        if (!is_around_each_round) machine.sub_preempt_count(trace::kPreemptOffset);
    }};
    explore::Replay defaults({});
    defaults.begin_execution();
    program.run(defaults);
    return lockups.count;
}

TEST(Machine, ALongLoopWithPreemptionOffIsASoftLockup) { EXPECT_EQ(soft_lockups(false), 1); }

TEST(Machine, ManyShortSectionsWithPreemptionOffAreNone) { EXPECT_EQ(soft_lockups(true), 0); }

// Another task wakes up again and again, so the machine is never stuck.
int hung_tasks(bool is_uninterruptible, VirtualTime deadline) {
    ToyProgram program(config(2));
    Counter hung(trace::EventKind::Hung);
    program.machine().observers().add(hung);
    constexpr VirtualTime kSecond = trace::kNanosecondsPerSecond;
    program.tasks = {[&] {
                         machine::machine().current_task().is_uninterruptible = is_uninterruptible;
                         machine::machine().sleep_until(deadline, "nothing", nullptr);
                     },
                     [&] {
                         for (int second = 1; second <= 250; ++second) machine::machine().sleep_until(second * kSecond, "a second", nullptr);
                         machine::machine().end_program();
                     }};
    explore::Replay defaults({});
    defaults.begin_execution();
    program.run(defaults);
    return hung.count;
}

TEST(Machine, ATaskThatHangsIsReportedEveryTwoMinutes) { EXPECT_EQ(hung_tasks(true, 0), 2); }

TEST(Machine, ASleepThatASignalOrTimeWillEndIsNoHang) {
    EXPECT_EQ(hung_tasks(false, 0), 0);
    EXPECT_EQ(hung_tasks(true, 200 * trace::kNanosecondsPerSecond), 0);
}

TEST(Machine, NothingLeftToDoIsReportedAsStuck) {
    ToyProgram program(config(2));
    program.tasks = {[&] { program.machine().sleep("for ever", nullptr); }};
    explore::Replay once({});
    EXPECT_EQ(program.explore(once).stopped, 1u);
}

TEST(Machine, ATaskThatReadItsCpuNumberMayMigrate) {
    ToyProgram program(config(2));
    std::set<int> cpus;
    int dummy = 0;
    program.share(&dummy, sizeof dummy);
    program.tasks = {[&] {
        program.machine().current().has_cpu_dependence = true;
        ToyProgram::read(dummy);
        cpus.insert(program.machine().cpu().value);
    }};
    BoundedSearch one(1);
    program.explore(one);
    EXPECT_EQ(cpus, (std::set<int>{0, 1}));
}

}  // namespace
}  // namespace kloom::tests
