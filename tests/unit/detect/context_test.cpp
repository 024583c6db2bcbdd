// PreemptImbalance, SleepInAtomic, IrqsOffTooLong and IrqRules.
#include <gtest/gtest.h>

#include "unit/detect/event_script.hpp"

namespace kloom::detect::testing {
namespace {

using trace::Severity;

void enter(EventScript& script, PathId path, const char* kind) {
    script.emit(path, 1, {.kind = EventKind::CallbackEnter, .text = kind});
}
void leave(EventScript& script, PathId path, const char* kind) {
    script.emit(path, 9, {.kind = EventKind::CallbackReturn, .text = kind});
}

// ---- preempt-imbalance, irq-imbalance -----------------------------------------------------------

// write(): get_cpu_var(hits)++; return count;
TEST(PreemptImbalance, AForgottenPutCpuVarIsReportedWhereItBegan) {
    EventScript script;
    const PathId task = script.user(kCpu0);

    enter(script, task, "write");
    script.preempt_disable(task, 5);
    leave(script, task, "write");
    script.emit(task, 9, {.kind = EventKind::ReturnToUser, .text = "write"});

    EXPECT_EQ(script.ids(), "preempt-imbalance");
    const trace::Finding& finding = script.finding("preempt-imbalance");
    EXPECT_EQ(finding.message, "{0}'s write returns with preemption still off");
    EXPECT_EQ(finding.sites[0].pc, 5u * 64);
}

// open(): spin_lock(&lock)      read(): balanced      release(): spin_unlock(&lock)
TEST(PreemptImbalance, WhatFollowsFromAnEarlierSystemCallIsNotReportedAgain) {
    EventScript script;
    const PathId task = script.user(kCpu0);
    const auto call = [&](const char* name, int difference) {
        enter(script, task, name);
        if (difference != 0) script.add_preempt_count(task, 5, difference);
        leave(script, task, name);
        script.emit(task, 9, {.kind = EventKind::ReturnToUser, .text = name});
    };

    call("open", 1);
    call("read", 0);
    call("release", -1);
    EXPECT_EQ(script.ids(), "preempt-imbalance");

    call("open", 1);
    EXPECT_EQ(script.ids(), "preempt-imbalance preempt-imbalance");
}

TEST(PreemptImbalance, BalancedCodeIsSilent) {
    EventScript script;
    const PathId task = script.user(kCpu0);

    enter(script, task, "write");
    script.preempt_disable(task, 5);
    script.bh_disable(task, 5);
    script.bh_enable(task, 6);
    script.preempt_enable(task, 6);
    leave(script, task, "write");
    script.emit(task, 9, {.kind = EventKind::ReturnToUser, .text = "write"});

    EXPECT_EQ(script.ids(), "");
}

TEST(PreemptImbalance, OnePutTooManyIsReportedAtOnce) {
    EventScript script;
    const PathId task = script.task(kCpu0);

    script.preempt_disable(task, 5);
    script.preempt_enable(task, 6);
    script.preempt_enable(task, 7);

    EXPECT_EQ(script.finding("preempt-imbalance").sites[0].pc, 7u * 64);
}

// The machine leaves the count alone, so the event shows a change that is none.
TEST(PreemptImbalance, ARefusedEnableIsReported) {
    EventScript script;
    const PathId task = script.task(kCpu0);

    script.add_preempt_count(task, 7, 0);

    EXPECT_EQ(script.ids(), "preempt-imbalance");
}

// The last local_bh_enable() first leaves one preemption level, runs softirqs, then takes it away.
TEST(PreemptImbalance, TheKernelsOwnWayToEnableSoftirqsIsFine) {
    EventScript script;
    const PathId task = script.task(kCpu0);

    script.bh_disable(task, 1);
    script.add_preempt_count(task, 2, -0x1ff);
    script.add_preempt_count(task, 2, -1);

    EXPECT_EQ(script.ids(), "");
}

TEST(PreemptImbalance, ATimerThatLeavesAPreemptionLevelIsReported) {
    EventScript script;
    const PathId softirq = script.softirq(kCpu0);

    enter(script, softirq, "timer");
    script.preempt_disable(softirq, 5);
    leave(script, softirq, "timer");

    EXPECT_EQ(script.ids(), "preempt-imbalance");
}

TEST(PreemptImbalance, InterruptsLeftOffAreIrqImbalance) {
    EventScript script;
    const PathId task = script.task(kCpu0);

    enter(script, task, "init");
    script.irqs_off(task, 5);
    leave(script, task, "init");

    EXPECT_EQ(script.ids(), "irq-imbalance");
    EXPECT_EQ(script.findings()[0].sites[0].pc, 5u * 64);
}

// ---- sleep-in-atomic ----------------------------------------------------------------------------

void might_sleep(EventScript& script, PathId path, int line, const char* function,
                 bool surely = false) {
    script.emit(
        path, line,
        {.kind = EventKind::MightSleep, .flags = static_cast<uint16_t>(surely), .text = function});
}

// cpu = get_cpu(); p = alloc_percpu(int); put_cpu();
TEST(SleepInAtomic, AllocatingWithPreemptionOffIsAnError) {
    EventScript script;
    const PathId task = script.task(kCpu0);

    script.preempt_disable(task, 1);
    might_sleep(script, task, 2, "alloc_percpu");
    script.preempt_enable(task, 3);

    const trace::Finding& finding = script.finding("sleep-in-atomic");
    EXPECT_EQ(finding.severity, Severity::Error);
    EXPECT_EQ(finding.message, "{0} calls alloc_percpu(), which may sleep, with preemption off");
    ASSERT_EQ(finding.sites.size(), 2u);
    EXPECT_EQ(finding.sites[1].pc, 1u * 64);
}

TEST(SleepInAtomic, AllocatingBeforehandIsSilent) {
    EventScript script;
    const PathId task = script.task(kCpu0);

    might_sleep(script, task, 1, "alloc_percpu");
    script.preempt_disable(task, 2);
    script.preempt_enable(task, 3);
    might_sleep(script, task, 4, "msleep", true);
    script.block(task, 4, "msleep");

    EXPECT_EQ(script.ids(), "");
}

TEST(SleepInAtomic, SleepingInAnInterruptHandlerEndsTheExecution) {
    EventScript script;
    const PathId irq = script.hardirq(kCpu0);

    might_sleep(script, irq, 1, "ssleep", true);

    EXPECT_TRUE(script.finding("sleep-in-atomic").ends_execution);
}

TEST(SleepInAtomic, AMutexInATimerIsAWarningUntilItHasToWait) {
    EventScript script;
    const PathId softirq = script.softirq(kCpu0);

    might_sleep(script, softirq, 1, "mutex_lock");
    EXPECT_EQ(script.findings().back().severity, Severity::Warning);

    script.block(softirq, 1, "mutex", kLockA);
    EXPECT_EQ(script.findings().back().severity, Severity::Error);
    EXPECT_TRUE(script.findings().back().ends_execution);
}

// open(): spin_lock(&lock), kept; read(): copy_to_user(), with the preempt_count of a fresh system
// call
TEST(SleepInAtomic, ASpinlockKeptSinceAnEarlierSystemCallStillForbidsSleeping) {
    EventScript script;
    const PathId task = script.user(kCpu0);

    script.preempt_disable(task, 1);
    script.lock(task, 1, kLockA);
    script.preempt_enable(task, 1);
    might_sleep(script, task, 5, "copy_to_user");

    EXPECT_EQ(script.ids(), "sleep-in-atomic");
    EXPECT_EQ(script.findings()[0].message,
              "{0} calls copy_to_user(), which may sleep, under a spinlock");
}

TEST(SleepInAtomic, SleepingInAnRcuReaderIsAnError) {
    EventScript script;
    const PathId task = script.task(kCpu0);
    const uint16_t rcu = trace::kLockRcu | trace::kLockShared | trace::kLockNoOrder;

    script.acquire_lock(task, 1, kLockA, rcu);
    might_sleep(script, task, 2, "msleep", true);
    script.unlock(task, 3, kLockA, rcu);
    might_sleep(script, task, 4, "msleep", true);

    EXPECT_EQ(script.ids(), "sleep-in-atomic");
}

// ---- irqs-off-too-long --------------------------------------------------------------------------

TEST(IrqsOffTooLong, TwoSecondsAreAWarning) {
    EventScript script;
    const PathId task = script.task(kCpu0);

    script.irqs_off(task, 1);
    script.advance(2 * trace::kNanosecondsPerSecond);
    script.irqs_on(task, 2);

    EXPECT_EQ(script.finding("irqs-off-too-long").message, "{0} keeps interrupts off for 2000 ms");
    EXPECT_EQ(script.findings()[0].severity, Severity::Warning);
}

TEST(IrqsOffTooLong, AMillisecondIsNot) {
    EventScript script;
    const PathId task = script.task(kCpu0);

    script.irqs_off(task, 1);
    script.advance(1'000'000);
    script.irqs_on(task, 2);

    EXPECT_EQ(script.ids(), "");
}

// ---- irq-imbalance of lines ---------------------------------------------------------------------

class IrqLines : public ::testing::Test {
  protected:
    static constexpr uint64_t kLine = 19;

    void SetUp() override { task_ = script_.task(kCpu0); }
    void line_event(EventKind kind, uint32_t size = 0) {
        script_.emit(task_, ++place_, {.kind = kind, .size = size, .value = kLine});
    }

    EventScript script_;
    PathId task_;
    int place_ = 0;
};

TEST_F(IrqLines, EnablingWithoutDisablingIsReported) {
    line_event(EventKind::IrqRequest);
    line_event(EventKind::IrqEnable, 0);

    EXPECT_EQ(script_.ids(), "irq-imbalance");
}

TEST_F(IrqLines, DisablingTwiceAndEnablingOnceIsReportedAtTheEnd) {
    line_event(EventKind::IrqRequest);
    line_event(EventKind::IrqDisable, 1);
    line_event(EventKind::IrqDisable, 2);
    line_event(EventKind::IrqEnable, 2);
    line_event(EventKind::IrqFree);

    EXPECT_EQ(script_.ids(), "irq-imbalance");
}

TEST_F(IrqLines, BalancedUseIsSilent) {
    line_event(EventKind::IrqRequest);
    line_event(EventKind::IrqDisable, 1);
    line_event(EventKind::IrqDisable, 2);
    line_event(EventKind::IrqEnable, 2);
    line_event(EventKind::IrqEnable, 1);
    line_event(EventKind::IrqFree);
    line_event(EventKind::ModuleGone);

    EXPECT_EQ(script_.ids(), "");
}

TEST_F(IrqLines, DisablingOnceBeforeFreeingIsFine) {
    line_event(EventKind::IrqRequest);
    line_event(EventKind::IrqDisable, 1);
    line_event(EventKind::IrqFree);
    line_event(EventKind::ModuleGone);

    EXPECT_EQ(script_.ids(), "");
}

TEST_F(IrqLines, SomebodyElsesLineLeftDisabledIsReported) {
    line_event(EventKind::IrqDisable, 1);
    line_event(EventKind::ModuleGone);

    EXPECT_EQ(script_.ids(), "irq-imbalance");
}

}  // namespace
}  // namespace kloom::detect::testing
