// StaleCpu and CpuNumber.
#include <gtest/gtest.h>

#include "unit/detect/event_script.hpp"

namespace kloom::detect::testing {
namespace {

using trace::kCpuAtomic;
using trace::kCpuReadChecked;
using trace::kCpuReadGuarded;
using trace::kCpuReadRaw;
using trace::kCpuReadRemote;
using trace::kRead;
using trace::kWrite;

// p = get_cpu_ptr(&counter); put_cpu_ptr(&counter);      migrates to CPU 1      (*p)++
TEST(StaleCpu, AnAddressUsedAfterMigrationIsReported) {
    EventScript script;
    const PathId task = script.task(kCpu0);

    script.preempt_disable(task, 1);
    script.percpu_address(task, 1, kCpu0, kCpuReadGuarded);
    script.preempt_enable(task, 2);
    script.migrate(task, kCpu1);
    script.write(task, 3, counter_of(kCpu0));

    const trace::Finding& stale = script.finding("stale-cpu");
    ASSERT_EQ(stale.sites.size(), 3u);
    EXPECT_EQ(stale.sites[0].role, "writes");
    EXPECT_EQ(stale.sites[1].role, "computes the address for CPU 0");
    EXPECT_EQ(stale.sites[2].role, "moves to CPU 1");
}

TEST(StaleCpu, AnAddressComputedAgainAfterMigrationIsFresh) {
    EventScript script;
    const PathId task = script.task(kCpu0);

    script.percpu_address(task, 1, kCpu0, kCpuReadGuarded);
    script.migrate(task, kCpu1);
    script.percpu_address(task, 2, kCpu1, kCpuReadGuarded);
    script.write(task, 3, counter_of(kCpu1));

    EXPECT_EQ(script.ids(), "");
}

TEST(StaleCpu, BackOnTheFirstCpuTheAddressIsGoodAgain) {
    EventScript script;
    const PathId task = script.task(kCpu0);

    script.percpu_address(task, 1, kCpu0, kCpuReadGuarded);
    script.migrate(task, kCpu1);
    script.migrate(task, kCpu0);
    script.write(task, 3, counter_of(kCpu0));

    EXPECT_EQ(script.ids(), "");
}

TEST(StaleCpu, ACopyThatWasNamedExplicitlyIsNotStale) {
    EventScript script;
    const PathId task = script.task(kCpu0);

    script.percpu_address(task, 1, kCpu0, kCpuReadRemote);
    script.migrate(task, kCpu1);
    script.read(task, 3, counter_of(kCpu0));

    EXPECT_EQ(script.ids(), "");
}

TEST(StaleCpu, AThisCpuOperationFindsItsCpuItself) {
    EventScript script;
    const PathId task = script.task(kCpu0);

    script.percpu_address(task, 1, kCpu0, kCpuReadGuarded);
    script.migrate(task, kCpu1);
    script.access(task, 3, counter_of(kCpu0), kRead | kWrite | kCpuAtomic);

    EXPECT_EQ(script.ids(), "");
}

TEST(StaleCpu, ARawAddressMayBeReadLateButNotWritten) {
    EventScript script;
    const PathId task = script.task(kCpu0);
    script.percpu_address(task, 1, kCpu0, kCpuReadRaw);
    script.migrate(task, kCpu1);

    script.read(task, 3, counter_of(kCpu0));
    EXPECT_EQ(script.ids(), "");

    script.write(task, 4, counter_of(kCpu0));
    EXPECT_EQ(script.ids(), "stale-cpu");
}

// p = raw_cpu_ptr(&data); spin_lock(&p->lock); p->count++      the lock lies in the copy
TEST(StaleCpu, TheLockOfTheCopyMakesTheAddressGood) {
    EventScript script;
    const PathId task = script.task(kCpu0);

    script.percpu_address(task, 1, kCpu0, kCpuReadRaw);
    script.migrate(task, kCpu1);
    script.lock(task, 2, counter_of(kCpu0) + 8);
    script.write(task, 3, counter_of(kCpu0));
    script.unlock(task, 4, counter_of(kCpu0) + 8);

    EXPECT_EQ(script.ids(), "");
}

void read_number(EventScript& script, PathId path, uint16_t flags) {
    script.emit(path, 5, {.kind = EventKind::CpuNumberRead, .flags = flags, .value = 0});
}

TEST(CpuNumber, SmpProcessorIdInPreemptibleCodeIsAWarning) {
    EventScript script;
    read_number(script, script.task(kCpu0), kCpuReadChecked);

    EXPECT_EQ(script.finding("unsafe-smp-processor-id").severity, trace::Severity::Warning);
}

TEST(CpuNumber, ThisCpuPtrInPreemptibleCodeIsAWarning) {
    EventScript script;
    script.percpu_address(script.task(kCpu0), 1, kCpu0, kCpuReadChecked);

    EXPECT_EQ(script.ids(), "unsafe-smp-processor-id");
}

TEST(CpuNumber, ItIsValidWhereTheTaskCannotMove) {
    EventScript script;
    const PathId task = script.task(kCpu0);

    script.preempt_disable(task, 1);
    read_number(script, task, kCpuReadChecked);
    script.preempt_enable(task, 2);
    script.irqs_off(task, 3);
    read_number(script, task, kCpuReadChecked);
    script.irqs_on(task, 4);
    script.bh_disable(task, 5);
    read_number(script, task, kCpuReadChecked);
    script.bh_enable(task, 6);
    const PathId irq = script.hardirq(kCpu0, task);
    read_number(script, irq, kCpuReadChecked);
    script.end(irq);
    script.info(task).is_bound = true;
    read_number(script, task, kCpuReadChecked);

    EXPECT_EQ(script.ids(), "");
}

TEST(CpuNumber, RawAndGuardedReadsAreFine) {
    EventScript script;
    const PathId task = script.task(kCpu0);

    read_number(script, task, kCpuReadRaw);
    read_number(script, task, kCpuReadGuarded);

    EXPECT_EQ(script.ids(), "");
}

}  // namespace
}  // namespace kloom::detect::testing
