#include "trace/happens_before.hpp"

#include <gtest/gtest.h>

#include <array>

namespace kloom::trace {
namespace {

// Paths with ids of their own, and the events that change their order.
class HappensBeforeTest : public ::testing::Test {
  protected:
    static constexpr PathId kA{8};
    static constexpr PathId kB{9};
    static constexpr PathId kC{10};
    static constexpr PathId kIrq{0};
    static constexpr CpuId kCpu0{0};
    static constexpr CpuId kCpu1{1};
    static constexpr uintptr_t kLock = 0x1000;
    static constexpr uintptr_t kFlag = 0x2000;

    void SetUp() override {
        clocks_.begin_execution();
        begin(kA, kCpu0);
        begin(kB, kCpu1);
        begin(kC, kCpu1);
    }

    PathInfo& info(PathId path) { return paths_[path.index()]; }

    void emit(PathId path, Event event) {
        event.path = path;
        event.info = &info(path);
        event.cpu = event.info->cpu;
        clocks_.on_event(event);
    }
    void begin(PathId path, CpuId cpu, PathKind kind = PathKind::Task, PathId creator = kNoPath) {
        info(path) = PathInfo();
        info(path).id = path;
        info(path).kind = kind;
        info(path).cpu = cpu;
        info(path).irqs_disabled = kind == PathKind::Hardirq;
        emit(path, {.kind = EventKind::PathBegin, .value = creator.value});
    }
    void end(PathId path) { emit(path, {.kind = EventKind::PathEnd}); }
    void access(PathId path, uint16_t flags) {
        emit(path, {.kind = EventKind::Access, .flags = flags, .size = 4, .address = kFlag});
    }
    void lock(PathId path, uint16_t flags = 0) {
        emit(path, {.kind = EventKind::LockAcquire, .flags = flags, .address = kLock});
    }
    void unlock(PathId path, uint16_t flags = 0) {
        emit(path, {.kind = EventKind::LockRelease, .flags = flags, .address = kLock});
    }
    void set_preempt_count(PathId path, uint32_t count) {
        const uint32_t old = info(path).preempt_count;
        info(path).preempt_count = count;
        emit(path, {.kind = EventKind::ContextChange, .value = old});
    }
    void set_irqs(PathId path, bool disabled) {
        info(path).irqs_disabled = disabled;
        emit(path, {.kind = EventKind::ContextChange, .value = uint64_t{!disabled} << 32});
    }
    // A moment in a path's history.
    struct Moment {
        PathId path;
        uint32_t epoch;
    };
    Moment now(PathId path) { return {path, clocks_.now(path)}; }
    bool precedes(Moment moment, PathId later) {
        return clocks_.ordered(moment.path, moment.epoch, later);
    }
    // Lets accesses take effect.
    void settle() { emit(kA, {.kind = EventKind::Acquire, .address = 0x9000}); }

    HappensBefore clocks_;
    std::array<PathInfo, 2048> paths_;
};

TEST_F(HappensBeforeTest, TasksStartUnordered) {
    EXPECT_FALSE(precedes(now(kA), kB));
    EXPECT_FALSE(precedes(now(kB), kA));
}

TEST_F(HappensBeforeTest, AnExclusiveLockOrdersItsHolders) {
    lock(kA);
    const Moment inside = now(kA);
    unlock(kA);
    const Moment after = now(kA);

    lock(kB);

    EXPECT_TRUE(precedes(inside, kB));
    EXPECT_FALSE(precedes(after, kB));
}

TEST_F(HappensBeforeTest, ReadersAreOrderedWithWritersButNotWithEachOther) {
    lock(kA, kLockShared);
    const Moment reader = now(kA);
    unlock(kA, kLockShared);

    lock(kB, kLockShared);
    EXPECT_FALSE(precedes(reader, kB));
    unlock(kB, kLockShared);

    lock(kC);
    EXPECT_TRUE(precedes(reader, kC));
}

TEST_F(HappensBeforeTest, OrderIsTransitive) {
    const Moment first = now(kA);
    emit(kA, {.kind = EventKind::Release, .address = 0x3000});
    emit(kB, {.kind = EventKind::Acquire, .address = 0x3000});
    lock(kB);
    unlock(kB);

    lock(kC);

    EXPECT_TRUE(precedes(first, kC));
}

TEST_F(HappensBeforeTest, WhatTheCreatorDoesAfterwardsIsNotOrdered) {
    const Moment before = now(kA);
    begin(PathId(11), kCpu0, PathKind::Task, kA);
    const Moment after = now(kA);

    EXPECT_TRUE(precedes(before, PathId(11)));
    EXPECT_FALSE(precedes(after, PathId(11)));
}

TEST_F(HappensBeforeTest, TheWakerPrecedesTheWoken) {
    const Moment before = now(kA);

    emit(kB, {.kind = EventKind::PathWake, .value = kA.value});

    EXPECT_TRUE(precedes(before, kB));
    EXPECT_FALSE(precedes(now(kA), kB));
}

TEST_F(HappensBeforeTest, AMarkedWriteReleasesAndAMarkedReadAcquires) {
    const Moment before = now(kA);

    access(kA, kWrite | kMarked);
    access(kB, kRead | kMarked);
    EXPECT_FALSE(precedes(before, kB));  // detectors must still see the conflict at this access
    settle();

    EXPECT_TRUE(precedes(before, kB));
}

TEST_F(HappensBeforeTest, PlainAccessesOrderNothing) {
    const Moment before = now(kA);

    access(kA, kWrite);
    access(kB, kRead);
    settle();

    EXPECT_FALSE(precedes(before, kB));
}

TEST_F(HappensBeforeTest, AFailedCompareAndSwapDoesNotRelease) {
    const Moment before = now(kA);

    access(kA, kRead | kWrite | kAtomic | kFailedCompare);
    access(kB, kRead | kMarked);
    settle();

    EXPECT_FALSE(precedes(before, kB));
}

TEST_F(HappensBeforeTest, AStoreHidesEarlierWritersOfTheLocation) {
    const Moment first = now(kA);
    access(kA, kWrite | kMarked);
    access(kB, kWrite | kMarked);

    access(kC, kRead | kMarked);
    settle();

    EXPECT_FALSE(precedes(first, kC));
}

TEST_F(HappensBeforeTest, PreemptionOffOrdersTasksOfOneCpuOnly) {
    set_preempt_count(kB, 1);
    const Moment inside = now(kB);
    set_preempt_count(kB, 0);

    set_preempt_count(kC, 1);
    set_preempt_count(kA, 1);

    EXPECT_TRUE(precedes(inside, kC));
    EXPECT_FALSE(precedes(inside, kA));
}

// A task with preemption off is interrupted and goes on: the handler is ordered with neither side.
TEST_F(HappensBeforeTest, AHandlerIsNotOrderedWithTheTaskThatItInterrupts) {
    set_preempt_count(kA, 1);
    const Moment before = now(kA);
    begin(kIrq, kCpu0, PathKind::Hardirq);
    EXPECT_FALSE(precedes(before, kIrq));
    const Moment in_handler = now(kIrq);
    end(kIrq);
    set_preempt_count(kA, 0);

    EXPECT_FALSE(precedes(in_handler, kA));
}

TEST_F(HappensBeforeTest, InterruptsOffOrdersATaskWithHandlersOfItsCpu) {
    set_irqs(kA, true);
    const Moment inside = now(kA);
    set_irqs(kA, false);

    begin(kIrq, kCpu0, PathKind::Hardirq);
    EXPECT_TRUE(precedes(inside, kIrq));
    const Moment in_handler = now(kIrq);
    end(kIrq);
    set_irqs(kA, true);

    EXPECT_TRUE(precedes(in_handler, kA));
}

TEST_F(HappensBeforeTest, InterruptsOffOnOneCpuDoesNotOrderHandlersOfAnother) {
    set_irqs(kB, true);
    const Moment inside = now(kB);
    set_irqs(kB, false);

    begin(kIrq, kCpu0, PathKind::Hardirq);

    EXPECT_FALSE(precedes(inside, kIrq));
}

TEST_F(HappensBeforeTest, SoftirqsOffOrdersATaskWithSoftirqsAndNotWithInterrupts) {
    const PathId softirq(1);
    set_preempt_count(kA, kSoftirqDisableOffset);
    const Moment inside = now(kA);
    set_preempt_count(kA, 0);

    begin(softirq, kCpu0, PathKind::Softirq);
    begin(kIrq, kCpu0, PathKind::Hardirq);

    EXPECT_TRUE(precedes(inside, softirq));
    EXPECT_FALSE(precedes(inside, kIrq));
}

TEST_F(HappensBeforeTest, InstancesOfAHandlerAreChained) {
    begin(kIrq, kCpu0, PathKind::Hardirq);
    const Moment first = now(kIrq);
    end(kIrq);

    begin(kIrq, kCpu0, PathKind::Hardirq);

    EXPECT_TRUE(precedes(first, kIrq));
}

TEST_F(HappensBeforeTest, AThisCpuOperationIsOrderedWithHandlersOfItsCpu) {
    access(kA, kRead | kWrite | kCpuAtomic);
    const Moment operation = now(kA);
    settle();

    begin(kIrq, kCpu0, PathKind::Hardirq);

    EXPECT_TRUE(precedes({kA, operation.epoch}, kIrq));
}

TEST_F(HappensBeforeTest, FollowingAPathTakesItsHistoryUpToAnEpoch) {
    const Moment early = now(kA);
    lock(kA);
    unlock(kA);
    const Moment late = now(kA);

    clocks_.follow(kB, kA, early.epoch);

    EXPECT_TRUE(precedes(early, kB));
    EXPECT_FALSE(precedes(late, kB));
}

TEST_F(HappensBeforeTest, UserProcessesThatHaveEndedPrecedeTheUnload) {
    info(kA).is_user = true;
    const Moment in_process = now(kA);
    const Moment in_thread = now(kB);
    end(kA);
    end(kB);

    emit(kC, {.kind = EventKind::ModuleUnload});

    EXPECT_TRUE(precedes(in_process, kC));
    EXPECT_FALSE(precedes(in_thread, kC));
}

TEST_F(HappensBeforeTest, AnExecutionForgetsTheOneBefore) {
    lock(kA);
    unlock(kA);

    SetUp();
    const Moment before = now(kA);
    lock(kB);

    EXPECT_FALSE(precedes(before, kB));
}

TEST_F(HappensBeforeTest, HighPathIdsWidenTheClocks) {
    lock(kA);
    const Moment inside = now(kA);
    unlock(kA);

    begin(PathId(1000), kCpu0);
    lock(PathId(1000));

    EXPECT_TRUE(precedes(inside, PathId(1000)));
}

}  // namespace
}  // namespace kloom::trace
