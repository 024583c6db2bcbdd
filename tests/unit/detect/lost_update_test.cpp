#include "detect/lost_update.hpp"

#include <gtest/gtest.h>

#include "unit/detect/event_script.hpp"

namespace kloom::detect::testing {
namespace {

using trace::kAtomic;
using trace::kMarked;
using trace::kRead;
using trace::kWrite;

bool has_lost_update(const EventScript& script) {
    return script.ids().find("lost-update") != std::string::npos;
}

//      CPU 0   A                 CPU 1   B
//      reads V
//                                reads V
//      writes V
//                                writes V: A's update is lost
TEST(LostUpdate, OverlappingIncrementsAreReported) {
    EventScript script;
    const PathId a = script.task(kCpu0);
    const PathId b = script.task(kCpu1);

    script.read(a, 10);
    script.read(b, 20);
    script.write(a, 10);
    script.write(b, 20);

    const trace::Finding& lost = script.finding("lost-update");
    EXPECT_EQ(lost.severity, trace::Severity::Error);
    ASSERT_EQ(lost.sites.size(), 4u);
    EXPECT_EQ(lost.sites[0].path, b);
    EXPECT_EQ(lost.sites[0].role, "overwrites");
    EXPECT_EQ(lost.sites[1].path, a);
    EXPECT_EQ(lost.sites[1].role, "writes");
    EXPECT_EQ(lost.sites[2].path, b);
    EXPECT_EQ(lost.sites[3].path, a);
}

TEST(LostUpdate, IncrementsOneAfterTheOtherLoseNothing) {
    EventScript script;
    const PathId a = script.task(kCpu0);
    const PathId b = script.task(kCpu1);

    script.update(a, 10);
    script.update(b, 20);

    EXPECT_FALSE(has_lost_update(script));
}

// A: if (!pointer)        B: the same, in between        A: pointer = kmalloc()
TEST(LostUpdate, LazyAllocationByTwoThreadsIsReported) {
    EventScript script;
    const PathId a = script.task(kCpu0);
    const PathId b = script.task(kCpu1);

    script.read(a, 10, kV, 8);
    script.read(b, 10, kV, 8);
    script.write(b, 12, kV, 8);
    script.write(a, 12, kV, 8);

    EXPECT_TRUE(has_lost_update(script));
}

// The task's counter++ is interrupted between its read and its write.
TEST(LostUpdate, AnInterruptInTheMiddleOfAnIncrementIsReported) {
    EventScript script;
    const PathId task = script.task(kCpu0);

    script.read(task, 10);
    const PathId irq = script.hardirq(kCpu0, task);
    script.update(irq, 20);
    script.end(irq);
    script.write(task, 10);

    EXPECT_TRUE(has_lost_update(script));
}

// A reads under the lock, B updates under it, A writes under it: a bug perhaps, but the accesses
// are ordered.
TEST(LostUpdate, AccessesOrderedByALockAreNotReported) {
    EventScript script;
    const PathId a = script.task(kCpu0);
    const PathId b = script.task(kCpu1);

    script.lock(a, 1, kLockA);
    script.read(a, 2);
    script.unlock(a, 3, kLockA);
    script.lock(b, 10, kLockA);
    script.update(b, 11);
    script.unlock(b, 12, kLockA);
    script.lock(a, 4, kLockA);
    script.write(a, 5);
    script.unlock(a, 6, kLockA);

    EXPECT_EQ(script.ids(), "");
}

TEST(LostUpdate, ASecondLookBeforeTheWriteClearsTheFirst) {
    EventScript script;
    const PathId a = script.task(kCpu0);
    const PathId b = script.task(kCpu1);

    script.read(a, 10);
    script.write(b, 20);
    script.read(a, 11);
    script.write(a, 12);

    EXPECT_FALSE(has_lost_update(script));
}

// A: WRITE_ONCE(V, READ_ONCE(V) + 1)      B: the same
TEST(LostUpdate, MarkedReadAndWriteInOneExpressionAreReported) {
    EventScript script;
    const PathId a = script.task(kCpu0);
    const PathId b = script.task(kCpu1);

    script.access(a, 10, kV, kRead | kMarked);
    script.access(b, 20, kV, kRead | kMarked);
    script.access(b, 20, kV, kWrite | kMarked);
    script.access(a, 10, kV, kWrite | kMarked);

    EXPECT_EQ(script.ids(), "lost-update");
}

// A: waits until READ_ONCE(state) is 1, later sets it to 2; B sets it to 1 in between.
TEST(LostUpdate, MarkedReadAndWriteInDifferentStatementsAreNot) {
    EventScript script;
    const PathId a = script.task(kCpu0);
    const PathId b = script.task(kCpu1);

    script.access(a, 10, kV, kRead | kMarked);
    script.access(b, 20, kV, kWrite | kMarked);
    script.access(a, 15, kV, kWrite | kMarked);

    EXPECT_EQ(script.ids(), "");
}

// A: old = atomic_read(V); atomic_cmpxchg(V, old, old + 1)      B: atomic_inc(V) in between
TEST(LostUpdate, ACompareAndSwapIsNoLostUpdate) {
    EventScript script;
    const PathId a = script.task(kCpu0);
    const PathId b = script.task(kCpu1);

    script.access(a, 10, kV, kRead | kMarked);
    script.access(b, 20, kV, kRead | kWrite | kAtomic);
    script.access(a, 10, kV, kRead | kWrite | kAtomic);

    EXPECT_EQ(script.ids(), "");
}

}  // namespace
}  // namespace kloom::detect::testing
