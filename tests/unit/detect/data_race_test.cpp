#include "detect/data_race.hpp"

#include <gtest/gtest.h>

#include "unit/detect/event_script.hpp"

namespace kloom::detect::testing {
namespace {

using trace::kAtomic;
using trace::kCpuAtomic;
using trace::kIgnoreRace;
using trace::kMarked;
using trace::kRead;
using trace::kWrite;
using trace::Severity;

// CPU 0: V++      CPU 1: V++      one after the other, with nothing that orders them
TEST(DataRace, UnorderedIncrementsAreAnError) {
    EventScript script;
    const PathId a = script.task(kCpu0);
    const PathId b = script.task(kCpu1);

    script.update(a, 10);
    script.update(b, 20);

    const trace::Finding& race = script.finding("data-race");
    EXPECT_EQ(race.severity, Severity::Warning);  // B's read against A's write comes first
    EXPECT_EQ(script.findings().back().severity, Severity::Error);
    EXPECT_TRUE(script.is_visible(kV));
}

TEST(DataRace, IncrementsUnderOneLockAreSilent) {
    EventScript script;
    const PathId a = script.task(kCpu0);
    const PathId b = script.task(kCpu1);

    for (PathId path : {a, b, a}) {
        script.lock(path, 1, kLockA);
        script.update(path, 2);
        script.unlock(path, 3, kLockA);
    }

    EXPECT_EQ(script.ids(), "");
    EXPECT_FALSE(script.is_visible(kV));
}

TEST(DataRace, TheFindingNamesBothSides) {
    EventScript script;
    const PathId a = script.task(kCpu0);
    const PathId b = script.task(kCpu1);

    script.write(a, 10);
    script.read(b, 20);

    const trace::Finding& race = script.finding("data-race");
    ASSERT_EQ(race.sites.size(), 2u);
    EXPECT_EQ(race.sites[0].path, b);
    EXPECT_EQ(race.sites[0].role, "reads");
    EXPECT_EQ(race.sites[1].path, a);
    EXPECT_EQ(race.sites[1].role, "writes");
    EXPECT_EQ(race.address, kV);
    EXPECT_EQ(race.message,
              "data race on {object}: {1} writes and {0} reads it, and nothing orders the two (a "
              "task against a task on another CPU)");
}

// The task reads V; the interrupt comes and writes it; nobody else runs.
TEST(DataRace, ATaskRacesWithTheInterruptOnItsOwnCpu) {
    EventScript script;
    const PathId task = script.task(kCpu0);
    script.preempt_disable(task, 1);  // does not keep interrupts off

    script.read(task, 2);
    const PathId irq = script.hardirq(kCpu0, task);
    script.write(irq, 10);
    script.end(irq);

    EXPECT_NE(
        script.finding("data-race").message.find("a task against an interrupt on the same CPU"),
        std::string::npos);
}

TEST(DataRace, InterruptsOffProtectAgainstTheInterruptOnTheSameCpu) {
    EventScript script;
    const PathId task = script.task(kCpu0);

    script.irqs_off(task, 1);
    script.update(task, 2);
    script.irqs_on(task, 3);
    const PathId irq = script.hardirq(kCpu0, task);
    script.update(irq, 10);
    script.end(irq);
    script.irqs_off(task, 4);
    script.update(task, 5);
    script.irqs_on(task, 6);

    EXPECT_EQ(script.ids(), "");
}

TEST(DataRace, PreemptionOffDoesNotProtectAgainstAnotherCpu) {
    EventScript script;
    const PathId a = script.task(kCpu0);
    const PathId b = script.task(kCpu1);

    for (PathId path : {a, b}) {
        script.preempt_disable(path, 1);
        script.update(path, 2);
        script.preempt_enable(path, 3);
    }

    EXPECT_EQ(script.finding("data-race").id, std::string("data-race"));
}

struct PairCase {
    const char* name;
    uint16_t first, second;  // AccessFlags
    uint32_t first_size, second_size;
    const char* ids;
    Severity severity;
};

class DataRacePairs : public ::testing::TestWithParam<PairCase> {};

// CPU 0: the first access      CPU 1: the second one
TEST_P(DataRacePairs, AreJudged) {
    const PairCase& pair = GetParam();
    EventScript script;
    const PathId a = script.task(kCpu0);
    const PathId b = script.task(kCpu1);

    script.access(a, 10, kV, pair.first, pair.first_size);
    script.access(b, 20, kV, pair.second, pair.second_size);

    EXPECT_EQ(script.ids(), pair.ids);
    if (*pair.ids != '\0') {
        EXPECT_EQ(script.findings()[0].severity, pair.severity);
    }
    const bool has_write = ((pair.first | pair.second) & kWrite) != 0;
    EXPECT_EQ(script.is_visible(kV), has_write);
}

INSTANTIATE_TEST_SUITE_P(
    Table, DataRacePairs,
    ::testing::Values(
        PairCase{"ReadRead", kRead, kRead, 4, 4, "", Severity::Error},
        PairCase{"PlainWritePlainRead", kWrite, kRead, 4, 4, "data-race", Severity::Warning},
        PairCase{"PlainWritePlainWrite", kWrite, kWrite, 4, 4, "data-race", Severity::Warning},
        PairCase{"WritesOfDifferentSize", kWrite, kWrite, 4, 8, "data-race", Severity::Error},
        PairCase{"StructCopyTorn", kWrite, kRead, 16, 16, "data-race", Severity::Error},
        PairCase{"MarkedBoth", kWrite | kMarked, kRead | kMarked, 4, 4, "", Severity::Error},
        PairCase{"MarkedReadOfPlainWrite", kWrite, kRead | kMarked, 4, 4, "", Severity::Error},
        PairCase{"PlainReadOfMarkedWrite", kWrite | kMarked, kRead, 4, 4, "data-race",
                 Severity::Warning},
        PairCase{"AtomicBoth", kRead | kWrite | kAtomic, kRead | kWrite | kAtomic, 4, 4, "",
                 Severity::Error},
        PairCase{"AtomicAgainstPlainWrite", kRead | kWrite | kAtomic, kWrite, 4, 4, "data-race",
                 Severity::Error},
        PairCase{"Intended", kWrite, kWrite | kIgnoreRace, 4, 4, "", Severity::Error}),
    [](const auto& info) { return info.param.name; });

TEST(DataRace, NeighbouringBytesDoNotRace) {
    EventScript script;
    const PathId a = script.task(kCpu0);
    const PathId b = script.task(kCpu1);

    script.write(a, 10, kV, 4);
    script.write(b, 20, kV + 4, 4);

    EXPECT_EQ(script.ids(), "");
    EXPECT_FALSE(script.is_visible(kV));
}

// A: data = 1; WRITE_ONCE(flag, 1)      B: if (READ_ONCE(flag)) use(data)
TEST(DataRace, PublishingThroughAMarkedFlagIsSilent) {
    EventScript script;
    const PathId a = script.task(kCpu0);
    const PathId b = script.task(kCpu1);

    script.write(a, 1, kW, 64);
    script.access(a, 2, kV, kWrite | kMarked);
    script.access(b, 10, kV, kRead | kMarked);
    script.read(b, 11, kW, 64);

    EXPECT_EQ(script.ids(), "");
    EXPECT_TRUE(script.is_visible(kV));
}

// A: data = 1; flag = 1; wake_up(&wq)      B: wait_event(wq, flag); use(data) - without having
// slept
TEST(DataRace, AWaitConditionSeesWhatWasWrittenBeforeThePlainFlag) {
    EventScript script;
    const PathId a = script.task(kCpu0);
    const PathId b = script.task(kCpu1);

    script.write(a, 1, kW, 64);
    script.write(a, 2, kV);
    script.access(b, 10, kV, kRead | kMarked);
    script.read(b, 11, kW, 64);

    EXPECT_EQ(script.ids(), "");
}

// The remote CPU resets a counter that its owner updates.
TEST(DataRace, AnUnlockedWriteToAnotherCpusCopyIsRemotePerCpu) {
    EventScript script;
    const PathId owner = script.task(kCpu1);
    const PathId remote = script.task(kCpu0);

    script.preempt_disable(owner, 1);
    script.update(owner, 2, counter_of(kCpu1));
    script.preempt_enable(owner, 3);
    script.write(remote, 10, counter_of(kCpu1));

    EXPECT_EQ(script.finding("remote-percpu").severity, Severity::Error);
}

TEST(DataRace, ALockedWriteToAnotherCpusCopyIsSilent) {
    EventScript script;
    const PathId owner = script.task(kCpu1);
    const PathId remote = script.task(kCpu0);

    for (PathId path : {owner, remote}) {
        script.lock(path, 1, kLockA);
        script.update(path, 2, counter_of(kCpu1));
        script.unlock(path, 3, kLockA);
    }

    EXPECT_EQ(script.ids(), "");
}

// CPU 1: this_cpu_inc(counter)      CPU 0: sum += per_cpu(counter, 1)
TEST(DataRace, SummingUpThisCpuCountersIsSilent) {
    EventScript script;
    const PathId owner = script.task(kCpu1);
    const PathId reader = script.task(kCpu0);

    script.access(owner, 1, counter_of(kCpu1), kRead | kWrite | kCpuAtomic);
    script.read(reader, 10, counter_of(kCpu1));

    EXPECT_EQ(script.ids(), "");
}

// this_cpu_inc() in a task and in the interrupt on the same CPU
TEST(DataRace, ThisCpuOperationsAreSafeAgainstInterrupts) {
    EventScript script;
    const PathId task = script.task(kCpu0);

    script.access(task, 1, counter_of(kCpu0), kRead | kWrite | kCpuAtomic);
    const PathId irq = script.hardirq(kCpu0, task);
    script.update(irq, 10, counter_of(kCpu0));
    script.end(irq);
    script.access(task, 2, counter_of(kCpu0), kRead | kWrite | kCpuAtomic);

    EXPECT_EQ(script.ids(), "");
}

// A: reads the object      B: frees it, unordered: no defect yet, but the search must try the other
// order
TEST(DataRace, MemoryThatIsFreedUnorderedBecomesVisible) {
    EventScript script;
    const PathId a = script.task(kCpu0);
    const PathId b = script.task(kCpu1, a);
    const uintptr_t object = script.allocate(a, 1, 64);

    script.read(a, 2, object + 16);
    script.free(b, 10, object);

    EXPECT_EQ(script.ids(), "");
    EXPECT_TRUE(script.is_visible(object + 16));
    EXPECT_FALSE(script.is_visible(object + 32));
}

TEST(DataRace, ManyReadersOfSharedDataAreSilent) {
    EventScript script;
    const PathId creator = script.task(kCpu0);
    script.write(creator, 1);
    for (int i = 0; i < 20; ++i) script.read(script.task(kCpu1, creator), 10);

    EXPECT_EQ(script.ids(), "");
}

TEST(DataRace, ExecutionsAreIndependent) {
    EventScript script;
    script.write(script.task(kCpu0), 10);

    script.begin_execution();
    script.task(kCpu0);
    script.write(script.task(kCpu1), 20);

    EXPECT_EQ(script.ids(), "");
}

}  // namespace
}  // namespace kloom::detect::testing
