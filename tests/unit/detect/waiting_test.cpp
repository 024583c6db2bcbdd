// Deadlock and LostWakeup.
#include <gtest/gtest.h>

#include "unit/detect/event_script.hpp"

namespace kloom::detect::testing {
namespace {

using trace::kLockNoOrder;
using trace::kLockNoOwner;
using trace::kLockRecursiveRead;
using trace::kLockShared;
using trace::kLockSleeps;
using trace::kLockTry;
using trace::kMarked;
using trace::kRead;

constexpr uintptr_t kQueue = kData + 0x2000;
constexpr uint16_t kSemaphore = kLockSleeps | kLockNoOwner | kLockNoOrder;

bool has(const EventScript& script, const std::string& id) {
    return (" " + script.ids() + " ").find(" " + id + " ") != std::string::npos;
}

void stuck(EventScript& script) {
    script.emit(trace::kNoPath, 0, {.kind = EventKind::Stuck});
}

// `path` has slept for so many minutes while others went on.
void hung(EventScript& script, PathId path, uint64_t minutes) {
    script.emit(path, 0,
                {.kind = EventKind::Hung, .value = minutes * 60 * trace::kNanosecondsPerSecond});
}

// ---- deadlock -----------------------------------------------------------------------------------

TEST(Deadlock, TakingALockTwiceIsASelfDeadlock) {
    EventScript script;
    const PathId task = script.task(kCpu0);

    script.lock(task, 1, kLockA);
    script.request(task, 2, kLockA);

    const trace::Finding& finding = script.finding("deadlock");
    EXPECT_TRUE(finding.ends_execution);
    EXPECT_EQ(finding.sites[0].pc, 2u * 64);
    EXPECT_EQ(finding.sites[1].pc, 1u * 64);
}

TEST(Deadlock, TryingAHeldLockIsNone) {
    EventScript script;
    const PathId task = script.task(kCpu0);

    script.lock(task, 1, kLockA);
    script.request(task, 2, kLockA, kLockTry);

    EXPECT_EQ(script.ids(), "");
}

TEST(Deadlock, ReadLocksMayNest) {
    EventScript script;
    const PathId task = script.task(kCpu0);

    script.lock(task, 1, kLockA, kLockShared | kLockRecursiveRead);
    script.lock(task, 2, kLockA, kLockShared | kLockRecursiveRead);
    EXPECT_EQ(script.ids(), "");

    script.request(task, 3, kLockA);
    EXPECT_TRUE(has(script, "deadlock"));
}

// The task holds the lock with interrupts on; the handler on its CPU wants it.
TEST(Deadlock, AnInterruptThatWantsTheLockOfItsCpusTask) {
    EventScript script;
    const PathId task = script.task(kCpu0);

    script.lock(task, 1, kLockA);
    const PathId irq = script.hardirq(kCpu0, task);
    script.request(irq, 10, kLockA);

    EXPECT_EQ(script.finding("deadlock").message,
              "deadlock: the interrupt handler {0} waits for {object}, held by {1}, which it has "
              "interrupted on the same CPU");
}

TEST(Deadlock, ASoftirqBelowTheInterruptCountsToo) {
    EventScript script;
    const PathId task = script.task(kCpu0);

    const PathId softirq = script.softirq(kCpu0, task);
    script.lock(softirq, 1, kLockA);
    const PathId irq = script.hardirq(kCpu0, softirq);
    script.request(irq, 10, kLockA);

    EXPECT_TRUE(has(script, "deadlock"));
}

TEST(Deadlock, AnInterruptOnAnotherCpuOnlyWaits) {
    EventScript script;
    const PathId task = script.task(kCpu0);
    const PathId other = script.task(kCpu1);

    script.irqs_off(task, 1);
    script.lock(task, 1, kLockA);
    const PathId irq = script.hardirq(kCpu1, other);
    script.request(irq, 10, kLockA);

    EXPECT_EQ(script.ids(), "");
}

// CPU 0: A, wants B      CPU 1: B, wants A
TEST(Deadlock, AbbaIsACycle) {
    EventScript script;
    const PathId a = script.task(kCpu0);
    const PathId b = script.task(kCpu1);

    script.lock(a, 1, kLockA, kLockSleeps);
    script.lock(b, 10, kLockB, kLockSleeps);
    script.request(a, 2, kLockB, kLockSleeps);
    script.block(a, 2, "mutex", kLockB);
    script.request(b, 11, kLockA, kLockSleeps);
    script.block(b, 11, "mutex", kLockA);
    stuck(script);

    const trace::Finding& finding = script.finding("deadlock");
    ASSERT_EQ(finding.sites.size(), 4u);
    EXPECT_EQ(finding.message,
              "deadlock: {0} holds lock, waits for lock; {1} holds lock, waits for lock");
    EXPECT_TRUE(finding.ends_execution);
    EXPECT_FALSE(has(script, "hang"));
}

// A timer goes on ticking, so the machine is never stuck.
TEST(Deadlock, AbbaIsACycleWhileOthersGoOn) {
    EventScript script;
    const PathId a = script.task(kCpu0);
    const PathId b = script.task(kCpu1);

    script.lock(a, 1, kLockA, kLockSleeps);
    script.lock(b, 10, kLockB, kLockSleeps);
    script.request(a, 2, kLockB, kLockSleeps);
    script.block(a, 2, "mutex", kLockB);
    script.request(b, 11, kLockA, kLockSleeps);
    script.block(b, 11, "mutex", kLockA);
    hung(script, a, 2);

    EXPECT_TRUE(script.finding("deadlock").ends_execution);
}

// b works on with the lock that a waits for
TEST(Deadlock, WaitingLongForALockIsNone) {
    EventScript script;
    const PathId a = script.task(kCpu0);
    const PathId b = script.task(kCpu1);

    script.lock(b, 10, kLockA, kLockSleeps);
    script.request(a, 1, kLockA, kLockSleeps);
    script.block(a, 1, "mutex", kLockA);
    hung(script, a, 2);
    hung(script, a, 20);

    EXPECT_EQ(script.ids(), "");
}

// CPU 0: the task holds A; the interrupt on it spins on B      CPU 1: holds B, spins on A
TEST(Deadlock, ACycleThroughAnInterruptedTask) {
    EventScript script;
    const PathId a = script.task(kCpu0);
    const PathId b = script.task(kCpu1);

    script.lock(a, 1, kLockA);
    script.irqs_off(b, 10);
    script.lock(b, 10, kLockB);
    script.request(b, 11, kLockA);
    const PathId irq = script.hardirq(kCpu0, a);
    script.request(irq, 20, kLockB);
    stuck(script);

    EXPECT_EQ(script.finding("deadlock").sites.size(), 5u);
}

// down(&sem); down(&sem); with count 1
TEST(Deadlock, ASemaphoreTakenTwiceByItsOnlyUser) {
    EventScript script;
    const PathId task = script.task(kCpu0);

    script.lock(task, 1, kLockA, kSemaphore);
    script.request(task, 2, kLockA, kSemaphore);
    script.block(task, 2, "semaphore", kLockA);
    stuck(script);

    EXPECT_EQ(script.ids(), "deadlock");
}

// exit: mutex_lock(&m); kthread_stop(t)      thread: mutex_lock(&m)
TEST(Deadlock, WaitingForAThreadThatWantsOnesLock) {
    EventScript script;
    const PathId unload = script.task(kCpu0);
    const PathId thread = script.task(kCpu1);

    script.lock(unload, 1, kLockA, kLockSleeps);
    script.request(thread, 10, kLockA, kLockSleeps);
    script.block(thread, 10, "mutex", kLockA);
    script.block(unload, 2, "kthread_stop", kW);
    stuck(script);

    EXPECT_EQ(script.ids(), "deadlock");
}

// ---- hang, lost-wakeup --------------------------------------------------------------------------

TEST(LostWakeup, ASleeperThatNobodyWakesIsAHang) {
    EventScript script;
    const PathId task = script.task(kCpu0);

    script.access(task, 1, kV, kRead | kMarked);
    script.block(task, 2, "wait queue", kQueue);
    stuck(script);

    EXPECT_EQ(script.ids(), "hang");
    EXPECT_EQ(script.findings()[0].message,
              "hang: {0} sleeps in wait queue and nothing is left that could wake it");
}

TEST(LostWakeup, TheKernelsOwnThreadsMaySleep) {
    EventScript script;
    const PathId worker = script.task(kCpu0);

    script.block(worker, 0, "worker");
    stuck(script);

    EXPECT_EQ(script.ids(), "");
}

//      reader: checks V                  writer: sets V, wakes the queue            reader: sleeps
TEST(LostWakeup, AWakeUpBetweenCheckAndSleepIsLost) {
    EventScript script;
    const PathId reader = script.task(kCpu0);
    const PathId writer = script.task(kCpu1);

    script.read(reader, 1);
    script.write(writer, 10);
    script.release(writer, kQueue);
    script.block(reader, 2, "wait queue", kQueue);
    stuck(script);

    EXPECT_TRUE(has(script, "lost-wakeup"));
    EXPECT_FALSE(has(script, "hang"));
    EXPECT_NE(script.finding("lost-wakeup").message.find("{1} woke {object}"), std::string::npos);
}

// The list of sleepers was still empty, so the writer woke nobody at all.
TEST(LostWakeup, AConditionThatChangedBetweenCheckAndSleepIsEvidenceToo) {
    EventScript script;
    const PathId reader = script.task(kCpu0);
    const PathId writer = script.task(kCpu1);

    script.read(reader, 1);
    script.write(writer, 10);
    script.write(reader, 2, kW);
    script.block(reader, 3, "schedule", kQueue + 8);
    stuck(script);

    EXPECT_TRUE(has(script, "lost-wakeup"));
}

// wait_event(): woken, checks again, sleeps again - the condition was never made true
TEST(LostWakeup, AWakeUpFollowedByAnotherCheckIsNotLost) {
    EventScript script;
    const PathId reader = script.task(kCpu0);
    const PathId waker = script.task(kCpu1);

    script.access(reader, 1, kV, kRead | kMarked);
    script.release(waker, kQueue);
    script.access(reader, 1, kV, kRead | kMarked);
    script.block(reader, 1, "wait queue", kQueue);
    stuck(script);

    EXPECT_EQ(script.ids(), "hang");
}

// complete() before wait_for_completion() is counted: the first wait takes it, the second has none.
TEST(LostWakeup, AWakeUpThatAnEarlierWaitTookIsNotLost) {
    EventScript script;
    const PathId task = script.task(kCpu0);
    const PathId waker = script.task(kCpu1);

    script.access(task, 1, kV, kRead | kMarked);
    script.release(waker, kQueue);
    script.acquire(task, kQueue);
    script.block(task, 2, "completion", kQueue);
    stuck(script);

    EXPECT_EQ(script.ids(), "hang");
}

TEST(LostWakeup, AWakeUpThatAnotherTookIsNotLost) {
    EventScript script;
    const PathId task = script.task(kCpu0);
    const PathId other = script.task(kCpu1);
    const PathId waker = script.task(kCpu1);

    script.access(task, 1, kV, kRead | kMarked);
    script.release(waker, kQueue);
    script.acquire(other, kQueue);
    script.block(task, 2, "completion", kQueue);
    stuck(script);

    EXPECT_EQ(script.ids(), "hang");
}

// The work's first run has ended, its second waits for ever.
TEST(LostWakeup, AFunctionThatWaitsForAnEndLosesNoWakeUp) {
    EventScript script;
    const PathId task = script.task(kCpu0);
    const PathId worker = script.task(kCpu1);

    script.access(task, 1, kV, kRead | kMarked);
    script.release(worker, kQueue);
    script.block(task, 2, "flush_work", kQueue);
    stuck(script);

    EXPECT_EQ(script.ids(), "hang");
}

// The same while another task wakes up again and again: nothing is ever stuck.
TEST(LostWakeup, AWakeUpIsLostWhileOthersGoOn) {
    EventScript script;
    const PathId reader = script.task(kCpu0);
    const PathId writer = script.task(kCpu1);
    const PathId unload = script.user(kCpu0);

    script.read(reader, 1);
    script.write(writer, 10);
    script.release(writer, kQueue);
    script.block(reader, 2, "wait queue", kQueue);
    script.block(unload, 20, "wait_for_completion", kW);
    hung(script, unload, 2);

    EXPECT_TRUE(has(script, "lost-wakeup"));
}

TEST(LostWakeup, AChangedConditionIsNoEvidenceAgainstOthersThanTheOneThatHangs) {
    EventScript script;
    const PathId idle = script.task(kCpu0);
    const PathId writer = script.task(kCpu1);
    const PathId unload = script.user(kCpu0);

    script.access(idle, 1, kV, kRead | kMarked);
    script.access(writer, 10, kV, trace::kWrite | kMarked);
    script.block(idle, 2, "schedule", kQueue);
    script.block(unload, 20, "wait_for_completion", kW);
    hung(script, unload, 2);

    EXPECT_EQ(script.ids(), "");
}

TEST(LostWakeup, AUserProcessThatNothingWakesForTenMinutesHangs) {
    EventScript script;
    const PathId unload = script.user(kCpu0);

    script.block(unload, 20, "wait_for_completion", kW);
    hung(script, unload, 2);
    EXPECT_EQ(script.ids(), "");

    hung(script, unload, 10);
    EXPECT_EQ(script.ids(), "hang");
    EXPECT_EQ(script.findings()[0].message,
              "hang: {0} sleeps in wait_for_completion and nothing has woken it for ten minutes");
}

TEST(LostWakeup, AUserProcessThatWaitsForDataIsFine) {
    EventScript script;
    const PathId user = script.user(kCpu0);

    script.access(user, 1, kV, kRead | kMarked);
    script.block(user, 1, "wait queue", kQueue);
    script.emit(user, 0, {.kind = EventKind::Leftover, .text = "sleeper", .detail = "cat"});

    EXPECT_EQ(script.ids(), "");
}

// if (!V) { add to the list; schedule(); } - the writer set V and found the list empty
TEST(LostWakeup, AUserProcessInAHandMadeWaitThatMissedTheChangeIsReported) {
    for (const char* function : {"schedule", "wait queue"}) {
        EventScript script;
        const PathId user = script.user(kCpu0);
        const PathId writer = script.user(kCpu1);

        script.access(user, 1, kV, kRead | kMarked);
        script.access(writer, 10, kV, trace::kWrite | kMarked);
        script.block(user, 2, function, kQueue);
        script.emit(writer, 0, {.kind = EventKind::Leftover, .text = "sleeper", .detail = "cat"});

        EXPECT_EQ(script.ids(), std::string(function) == "schedule" ? "lost-wakeup" : "")
            << function;
    }
}

TEST(LostWakeup, AUserProcessThatMissedItsWakeUpIsReported) {
    EventScript script;
    const PathId user = script.user(kCpu0);
    const PathId writer = script.user(kCpu1);

    script.access(user, 1, kV, kRead | kMarked);
    script.access(writer, 10, kV, trace::kWrite | kMarked);
    script.release(writer, kQueue);
    script.block(user, 2, "wait queue", kQueue);
    script.emit(writer, 0, {.kind = EventKind::Leftover, .text = "sleeper", .detail = "cat"});

    EXPECT_EQ(script.ids(), "lost-wakeup");
}

}  // namespace
}  // namespace kloom::detect::testing
