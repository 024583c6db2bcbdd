// LockUse and LockOrder.
#include <gtest/gtest.h>

#include "unit/detect/event_script.hpp"

namespace kloom::detect::testing {
namespace {

using trace::kLockInContext;
using trace::kLockNoOrder;
using trace::kLockNoOwner;
using trace::kLockRcu;
using trace::kLockRecursiveRead;
using trace::kLockShared;
using trace::kLockSleeps;
using trace::kLockTry;
using trace::kLockWoundWait;
using trace::Severity;

constexpr uint16_t kReadLock = kLockShared | kLockRecursiveRead;

// ---- unlock-not-owner, lock-held-at-return ------------------------------------------------------

TEST(LockUse, AnUnlockByAStrangerNamesTheOwner) {
    EventScript script;
    const PathId owner = script.task(kCpu0);
    const PathId stranger = script.task(kCpu1);

    script.lock(owner, 1, kLockA, kLockSleeps);
    script.unlock(stranger, 10, kLockA, kLockSleeps);

    const trace::Finding& finding = script.finding("unlock-not-owner");
    EXPECT_EQ(finding.message, "{0} releases {object}, which {1} holds");
    EXPECT_EQ(finding.sites[1].path, owner);
}

TEST(LockUse, AnUnlockOfAFreeLockIsReported) {
    EventScript script;
    const PathId task = script.task(kCpu0);

    script.lock(task, 1, kLockA);
    script.unlock(task, 2, kLockA);
    script.unlock(task, 3, kLockA);

    EXPECT_EQ(script.ids(), "unlock-not-owner");
}

TEST(LockUse, ASemaphoreMayBeReleasedByAnybody) {
    EventScript script;
    const PathId a = script.task(kCpu0);
    const PathId b = script.task(kCpu1);
    const uint16_t semaphore = kLockNoOwner | kLockNoOrder | kLockSleeps;

    script.lock(a, 1, kLockA, semaphore);
    script.unlock(b, 10, kLockA, semaphore);
    script.unlock(b, 11, kLockA, semaphore);

    EXPECT_EQ(script.ids(), "");
}

// open(): spin_lock(&lock); return 0;
TEST(LockUse, ALockHeldWhenAFunctionReturnsIsReportedOnceWhereItWasTaken) {
    EventScript script;
    const PathId task = script.task(kCpu0);

    script.emit(task, 1, {.kind = EventKind::CallbackEnter, .text = "open"});
    script.lock(task, 5, kLockA);
    script.emit(task, 6, {.kind = EventKind::CallbackReturn, .text = "open"});

    EXPECT_EQ(script.ids(), "lock-held-at-return");
    EXPECT_EQ(script.findings()[0].message, "{0}'s open returns with {object} locked");
    EXPECT_EQ(script.findings()[0].sites[0].pc, 5u * 64);
}

TEST(LockUse, ALockOfTheCallerMayBeHeldAtReturn) {
    EventScript script;
    const PathId task = script.task(kCpu0);

    script.lock(task, 1, kLockA);
    script.emit(task, 2, {.kind = EventKind::CallbackEnter, .text = "work"});
    script.lock(task, 3, kLockB);
    script.unlock(task, 4, kLockB);
    script.emit(task, 5, {.kind = EventKind::CallbackReturn, .text = "work"});
    script.unlock(task, 6, kLockA);

    EXPECT_EQ(script.ids(), "");
}

TEST(LockUse, RcuReadersMustBalance) {
    EventScript script;
    const PathId task = script.task(kCpu0);
    const uint16_t rcu = kLockRcu | kLockShared | kLockNoOrder;

    script.unlock(task, 1, kLockA, rcu);
    EXPECT_EQ(script.ids(), "rcu-misuse");

    script.emit(task, 2, {.kind = EventKind::CallbackEnter, .text = "read"});
    script.acquire_lock(task, 3, kLockA, rcu);
    script.emit(task, 4, {.kind = EventKind::CallbackReturn, .text = "read"});
    EXPECT_EQ(script.ids(), "rcu-misuse rcu-misuse");
}

TEST(LockUse, FreeingMemoryWithAHeldLockIsReported) {
    EventScript script;
    const PathId task = script.task(kCpu0);
    const uintptr_t object = script.allocate(task, 1, 64);

    script.lock(task, 2, object + 8);
    script.free(task, 3, object);

    EXPECT_EQ(script.ids(), "held-lock-freed");
}

// ---- lock-order ---------------------------------------------------------------------------------

void nest(EventScript& script, PathId path, uintptr_t outer, uintptr_t inner, int line,
          uint16_t flags = 0) {
    script.lock(path, line, outer, flags);
    script.lock(path, line + 1, inner, flags);
    script.unlock(path, line + 2, inner, flags);
    script.unlock(path, line + 3, outer, flags);
}

// CPU 0: A then B; afterwards CPU 1: B then A. No deadlock happened.
TEST(LockOrder, BothOrdersByTwoTasksAreAnError) {
    EventScript script;

    nest(script, script.task(kCpu0), kLockA, kLockB, 10, kLockSleeps);
    nest(script, script.task(kCpu1), kLockB, kLockA, 20, kLockSleeps);

    const trace::Finding& finding = script.finding("lock-order");
    EXPECT_EQ(finding.severity, Severity::Error);
    EXPECT_EQ(finding.sites[0].pc, 21u * 64);
    EXPECT_EQ(finding.sites[1].pc, 11u * 64);
}

TEST(LockOrder, OneOrderIsSilent) {
    EventScript script;

    nest(script, script.task(kCpu0), kLockA, kLockB, 10, kLockSleeps);
    nest(script, script.task(kCpu1), kLockA, kLockB, 20, kLockSleeps);

    EXPECT_EQ(script.ids(), "");
}

TEST(LockOrder, ACycleOfThreeIsFound) {
    EventScript script;

    nest(script, script.task(kCpu0), kLockA, kLockB, 10, kLockSleeps);
    nest(script, script.task(kCpu1), kLockB, kLockC, 20, kLockSleeps);
    nest(script, script.task(kCpu1), kLockC, kLockA, 30, kLockSleeps);

    EXPECT_EQ(script.ids(), "lock-order");
}

TEST(LockOrder, BothOrdersBySameTaskAreAWarning) {
    EventScript script;
    const PathId task = script.task(kCpu0);

    nest(script, task, kLockA, kLockB, 10, kLockSleeps);
    nest(script, task, kLockB, kLockA, 20, kLockSleeps);

    EXPECT_EQ(script.finding("lock-order").severity, Severity::Warning);
}

TEST(LockOrder, AGateLockMakesBothOrdersSafe) {
    EventScript script;
    const PathId a = script.task(kCpu0);
    const PathId b = script.task(kCpu1);

    script.lock(a, 1, kLockC, kLockSleeps);
    nest(script, a, kLockA, kLockB, 10, kLockSleeps);
    script.unlock(a, 2, kLockC, kLockSleeps);
    script.lock(b, 3, kLockC, kLockSleeps);
    nest(script, b, kLockB, kLockA, 20, kLockSleeps);
    script.unlock(b, 4, kLockC, kLockSleeps);
    EXPECT_EQ(script.ids(), "");

    nest(script, a, kLockA, kLockB, 30, kLockSleeps);  // once without the gate
    EXPECT_EQ(script.ids(), "lock-order");
}

TEST(LockOrder, ATrylockMakesNoOrder) {
    EventScript script;
    const PathId a = script.task(kCpu0);
    const PathId b = script.task(kCpu1);

    nest(script, a, kLockA, kLockB, 10, kLockSleeps);
    script.lock(b, 20, kLockB, kLockSleeps);
    script.acquire_lock(b, 21, kLockA, kLockSleeps | kLockTry);
    script.unlock(b, 22, kLockA, kLockSleeps);
    script.unlock(b, 23, kLockB, kLockSleeps);

    EXPECT_EQ(script.ids(), "");
}

TEST(LockOrder, ReadersDoNotWaitForReaders) {
    EventScript script;
    script.lock(script.task(kCpu0), 1, kLockC, kLockNoOrder);

    nest(script, script.task(kCpu0), kLockA, kLockB, 10, kReadLock);
    nest(script, script.task(kCpu1), kLockB, kLockA, 20, kReadLock);

    EXPECT_EQ(script.ids(), "");
}

// Locks with one class: parent then child is one order, the reverse on other CPUs is a cycle.
TEST(LockOrder, LocksOfOneClassAreJudgedOneByOne) {
    EventScript script;
    const PathId a = script.task(kCpu0);
    const PathId b = script.task(kCpu1);
    const auto take = [&](PathId path, int line, uintptr_t lock) {
        for (EventKind kind : {EventKind::LockRequest, EventKind::LockAcquire})
            script.emit(path, line,
                        {.kind = kind, .flags = kLockSleeps, .address = lock, .value = 0x77});
    };
    const auto nest_class = [&](PathId path, uintptr_t outer, uintptr_t inner, int line) {
        take(path, line, outer);
        take(path, line + 1, inner);
        script.unlock(path, line + 2, inner);
        script.unlock(path, line + 3, outer);
    };

    nest_class(a, kLockA, kLockB, 10);
    nest_class(b, kLockB, kLockC, 20);
    EXPECT_EQ(script.ids(), "");

    nest_class(b, kLockB, kLockA, 30);
    EXPECT_EQ(script.ids(), "lock-order");
}

TEST(LockOrder, NothingIsKeptFromOneExecutionToTheNext) {
    EventScript script;
    nest(script, script.task(kCpu0), kLockA, kLockB, 10, kLockSleeps);

    script.begin_execution();
    nest(script, script.task(kCpu0), kLockB, kLockA, 20, kLockSleeps);

    EXPECT_EQ(script.ids(), "");
}

void lock_once(EventScript& script, PathId path, int line, uint16_t flags = 0) {
    script.preempt_disable(path, line);
    script.lock(path, line, kLockA, flags);
    script.unlock(path, line, kLockA, flags);
    script.preempt_enable(path, line);
}

// task: spin_lock(&lock)      timer: spin_lock(&lock)
TEST(LockOrder, ALockSharedWithATimerWithoutBhIsAnError) {
    EventScript script;
    const PathId task = script.task(kCpu0);

    lock_once(script, task, 10);
    const PathId softirq = script.softirq(kCpu0, task);
    lock_once(script, softirq, 20);

    EXPECT_EQ(script.finding("lock-order").severity, Severity::Error);
}

TEST(LockOrder, ALockSharedWithATimerWithBhIsSilent) {
    EventScript script;
    const PathId task = script.task(kCpu0);

    script.bh_disable(task, 10);
    script.lock(task, 10, kLockA);
    script.unlock(task, 11, kLockA);
    script.bh_enable(task, 11);
    const PathId softirq = script.softirq(kCpu0, task);
    lock_once(script, softirq, 20);

    EXPECT_EQ(script.ids(), "");
}

TEST(LockOrder, ALockSharedWithAnInterruptUnderBhIsStillAnError) {
    EventScript script;
    const PathId task = script.task(kCpu0);

    script.bh_disable(task, 10);
    script.lock(task, 10, kLockA);
    script.unlock(task, 11, kLockA);
    script.bh_enable(task, 11);
    const PathId irq = script.hardirq(kCpu0, task);
    lock_once(script, irq, 20);

    EXPECT_EQ(script.ids(), "lock-order");
}

TEST(LockOrder, ReadersInHandlersAndTasksAreSilent) {
    EventScript script;
    const PathId task = script.task(kCpu0);

    lock_once(script, task, 10, kReadLock);
    const PathId irq = script.hardirq(kCpu0, task);
    lock_once(script, irq, 20, kReadLock);

    EXPECT_EQ(script.ids(), "");
}

// interrupt: spin_trylock(&lock), which gives up when the holder was interrupted
TEST(LockOrder, ATrylockInAHandlerIsSilent) {
    EventScript script;
    const PathId task = script.task(kCpu0);

    lock_once(script, task, 10);
    for (const PathId handler : {script.hardirq(kCpu0, task), script.softirq(kCpu1)}) {
        script.acquire_lock(handler, 20, kLockA, kLockTry);
        script.unlock(handler, 21, kLockA);
    }

    EXPECT_EQ(script.ids(), "");
}

// local_irq_disable(); spin_lock(&lock); local_irq_enable();
TEST(LockOrder, InterruptsEnabledUnderALockOfAHandlerAreAnError) {
    EventScript script;
    const PathId task = script.task(kCpu0);

    const PathId irq = script.hardirq(kCpu1);
    script.lock(irq, 1, kLockA);
    script.unlock(irq, 2, kLockA);
    script.irqs_off(task, 10);
    script.lock(task, 11, kLockA);
    EXPECT_EQ(script.ids(), "");
    script.irqs_on(task, 12);

    EXPECT_EQ(script.finding("lock-order").sites[0].pc, 12u * 64);
}

TEST(LockOrder, SoftirqsEnabledUnderALockOfATimerAreAnError) {
    EventScript script;
    const PathId task = script.task(kCpu0);

    const PathId softirq = script.softirq(kCpu1);
    script.lock(softirq, 1, kLockA);
    script.unlock(softirq, 2, kLockA);
    script.bh_disable(task, 10);
    script.lock(task, 11, kLockA);
    EXPECT_EQ(script.ids(), "");
    script.bh_enable(task, 12);

    EXPECT_EQ(script.ids(), "lock-order");
}

// spin_lock_irqsave(&lock, flags) ... spin_unlock_irqrestore(&lock, flags)
TEST(LockOrder, InterruptsEnabledAfterTheUnlockAreSilent) {
    EventScript script;
    const PathId task = script.task(kCpu0);

    const PathId irq = script.hardirq(kCpu1);
    script.lock(irq, 1, kLockA);
    script.unlock(irq, 2, kLockA);
    script.irqs_off(task, 10);
    script.lock(task, 11, kLockA);
    script.unlock(task, 12, kLockA);
    script.irqs_on(task, 13);

    EXPECT_EQ(script.ids(), "");
}

// ---- readers ------------------------------------------------------------------------------------

TEST(LockOrder, AReaderThatQueuesMayNotNest) {
    EventScript script;
    const PathId task = script.task(kCpu0);

    script.lock(task, 1, kLockA, kLockShared | kLockSleeps);
    script.lock(task, 2, kLockA, kLockShared | kLockSleeps);

    EXPECT_EQ(script.finding("lock-order").severity, Severity::Warning);
}

TEST(LockOrder, AReaderThatNestsIsAnErrorWhenAnotherPathWrites) {
    for (const bool writer_comes_first : {false, true}) {
        EventScript script;
        const PathId reader = script.task(kCpu0);
        const PathId writer = script.task(kCpu1);
        const auto write = [&] {
            script.lock(writer, 10, kLockA, kLockSleeps);
            script.unlock(writer, 11, kLockA, kLockSleeps);
        };

        if (writer_comes_first) write();
        script.lock(reader, 1, kLockA, kLockShared | kLockSleeps);
        script.lock(reader, 2, kLockA, kLockShared | kLockSleeps);
        script.unlock(reader, 3, kLockA, kLockShared | kLockSleeps);
        script.unlock(reader, 4, kLockA, kLockShared | kLockSleeps);
        if (!writer_comes_first) write();

        ASSERT_FALSE(script.findings().empty());
        EXPECT_EQ(script.findings().back().severity, Severity::Error);
        EXPECT_EQ(script.findings().back().sites[2].pc, 10u * 64);
    }
}

TEST(LockOrder, ARecursiveReaderMayNest) {
    EventScript script;
    const PathId task = script.task(kCpu0);

    script.lock(task, 1, kLockA, kReadLock);
    script.lock(task, 2, kLockA, kReadLock);

    EXPECT_EQ(script.ids(), "");
}

// Readers that queue behind a waiting writer: read(A) lock(B), and lock(B) read(A).
TEST(LockOrder, AReaderThatQueuesWaitsForReaders) {
    EventScript script;
    const PathId a = script.task(kCpu0);
    const PathId b = script.task(kCpu1);

    script.lock(a, 1, kLockA, kLockShared);
    script.lock(a, 2, kLockB);
    script.unlock(a, 3, kLockB);
    script.unlock(a, 4, kLockA, kLockShared);
    script.lock(b, 11, kLockB);
    script.lock(b, 12, kLockA, kLockShared);

    EXPECT_EQ(script.ids(), "lock-order");
}

// A recursive reader waits for no reader, however that one came: read(A) lock(B), and lock(B)
// recursive read(A).
TEST(LockOrder, ARecursiveReaderWaitsForNoReader) {
    EventScript script;
    const PathId a = script.task(kCpu0);
    const PathId b = script.task(kCpu1);

    script.lock(a, 1, kLockA, kLockShared);
    script.lock(a, 2, kLockB);
    script.unlock(a, 3, kLockB);
    script.unlock(a, 4, kLockA, kLockShared);
    script.lock(b, 11, kLockB);
    script.lock(b, 12, kLockA, kReadLock);

    EXPECT_EQ(script.ids(), "");
}

struct ReaderUnderSafeLock {
    const char* name;
    uint16_t inner;  // how A is taken under B, which an interrupt handler takes
    const char* ids;
};

// Interrupt: lock(B). Task with interrupts off: lock(B), take A. Task with interrupts on: read(A).
TEST(LockOrder, AReaderWithInterruptsOnHoldsUpOnlyWhoWaitsForReaders) {
    const ReaderUnderSafeLock cases[] = {
        {"writer", 0, "lock-order"},
        {"reader that queues", kLockShared, "lock-order"},
        {"recursive reader", kReadLock, ""},
    };
    for (const ReaderUnderSafeLock& test : cases) {
        SCOPED_TRACE(test.name);
        EventScript script;
        const PathId task = script.task(kCpu0);
        const PathId other = script.task(kCpu1);

        const PathId irq = script.hardirq(kCpu0);
        script.lock(irq, 1, kLockB);
        script.unlock(irq, 2, kLockB);
        script.end(irq);
        script.irqs_off(task, 10);
        script.lock(task, 11, kLockB);
        script.lock(task, 12, kLockA, test.inner);
        script.unlock(task, 13, kLockA, test.inner);
        script.unlock(task, 14, kLockB);
        script.irqs_on(task, 15);
        script.lock(other, 20, kLockA, kLockShared);

        EXPECT_EQ(script.ids(), test.ids);
    }
}

// ---- wound/wait mutexes -------------------------------------------------------------------------

// Takes two locks of one class, one after the other.
std::string ids_of_wound_wait(uint16_t first, uint16_t second) {
    EventScript script;
    const PathId task = script.task(kCpu0);
    const auto take = [&](int line, uintptr_t lock, uint16_t flags) {
        for (EventKind kind : {EventKind::LockRequest, EventKind::LockAcquire})
            if (kind == EventKind::LockAcquire || (flags & kLockTry) == 0)
                script.emit(task, line,
                            {.kind = kind, .flags = flags, .address = lock, .value = 0x77});
    };
    take(1, kLockA, first);
    take(2, kLockB, second);
    return script.ids();
}

TEST(LockOrder, WoundWaitMutexesMustAllBeInTheContext) {
    const uint16_t outside = kLockSleeps | kLockWoundWait;
    const uint16_t inside = outside | kLockInContext;

    EXPECT_EQ(ids_of_wound_wait(inside, inside), "");
    EXPECT_EQ(ids_of_wound_wait(inside, outside), "lock-order");
    EXPECT_EQ(ids_of_wound_wait(outside, inside), "lock-order");
    EXPECT_EQ(ids_of_wound_wait(outside, outside), "lock-order");
    EXPECT_EQ(ids_of_wound_wait(outside, outside | kLockTry), "");
}

// ---- both ---------------------------------------------------------------------------------------

// A is used by the interrupt handler; B is taken under A; B is also held with interrupts on.
TEST(LockOrder, AnInterruptSafeLockOverAnUnsafeOneIsAnError) {
    EventScript script;
    const PathId task = script.task(kCpu0);
    const PathId other = script.task(kCpu1);

    const PathId irq = script.hardirq(kCpu0);
    script.lock(irq, 1, kLockA);
    script.unlock(irq, 2, kLockA);
    script.end(irq);
    script.irqs_off(task, 10);
    nest(script, task, kLockA, kLockB, 10);
    script.irqs_on(task, 14);
    EXPECT_EQ(script.ids(), "");

    script.lock(other, 20, kLockB);
    EXPECT_EQ(script.ids(), "lock-order");
}

}  // namespace
}  // namespace kloom::detect::testing
