#include "explore/event_structure.hpp"

#include <gtest/gtest.h>

#include "explore/class_search.hpp"

namespace kloom::explore {
namespace {

using trace::OperationKind;
using trace::Scope;

constexpr uintptr_t kX = 0x100;
constexpr uintptr_t kY = 0x200;
constexpr uintptr_t kLock = 0x300;

Step access(Process process, uintptr_t address, bool is_write) {
    return {
        .process = process,
        .kind = OperationKind::Access,
        .footprint = {.address = address, .size = 4, .scope = Scope::Memory, .is_write = is_write},
        .after = {}};
}
Step read(Process process, uintptr_t address) {
    return access(process, address, false);
}
Step write(Process process, uintptr_t address) {
    return access(process, address, true);
}
Step lock(Process process, OperationKind kind, Standing after = {}) {
    return {.process = process,
            .kind = kind,
            .footprint = {.address = kLock, .size = 1, .scope = Scope::Object},
            .after = after};
}
Step local(Process process, Standing after) {
    return {.process = process,
            .kind = OperationKind::Local,
            .footprint = {.scope = Scope::CpuLocal},
            .after = after};
}

std::vector<ProcessInfo> tasks(size_t count) {
    return std::vector<ProcessInfo>(count, {.level = Level::Task, .cpu = trace::CpuId(0)});
}
std::vector<ProcessInfo> task_and_handler() {
    return {{.level = Level::Task, .cpu = trace::CpuId(0)},
            {.level = Level::Hardirq, .cpu = trace::CpuId(0)}};
}

TEST(EventStructure, TheOrderOfIndependentStepsDoesNotMatter) {
    const EventStructure one({tasks(2), {write(0, kX), write(1, kY)}, {}});
    const EventStructure other({tasks(2), {write(1, kY), write(0, kX)}, {}});

    EXPECT_EQ(one.id(0), other.id(1));
    EXPECT_EQ(one.id(1), other.id(0));
}

TEST(EventStructure, TheOrderOfDependentStepsMatters) {
    const EventStructure one({tasks(2), {write(0, kX), read(1, kX)}, {}});
    const EventStructure other({tasks(2), {read(1, kX), write(0, kX)}, {}});

    EXPECT_NE(one.id(0), other.id(1));
    EXPECT_NE(one.id(1), other.id(0));
    EXPECT_TRUE(one.depends_on(1, 0));
}

TEST(EventStructure, OverlappingBytesDepend) {
    EXPECT_TRUE(depends(write(0, kX), read(1, kX + 2)));
    EXPECT_FALSE(depends(write(0, kX), read(1, kX + 4)));
    EXPECT_FALSE(depends(read(0, kX), read(1, kX)));
}

TEST(EventStructure, ACutWithoutAnEventLacksWhatDependsOnIt) {
    const EventStructure seen(
        {tasks(3), {write(0, kX), read(1, kX), write(1, kY), write(2, kLock), read(2, kY)}, {}});

    EXPECT_EQ(seen.without(0), (Cut{0, 0, 1}));
    EXPECT_EQ(seen.without(2), (Cut{1, 1, 1}));
}

// A critical region of which the cut has no end must come last.
TEST(EventStructure, ARegionWithoutAnEndComesAfterWhatItKeepsOut) {
    const Standing off{.preemption_off = true};
    const EventStructure seen(
        {tasks(2), {local(0, off), write(0, kX), local(0, {}), write(1, kY)}, {}});

    EXPECT_EQ(seen.linearise({1, 1}, std::nullopt), (Plan{1, 0}));
    EXPECT_EQ(seen.linearise({3, 1}, std::nullopt), (Plan{0, 0, 0, 1}));
    EXPECT_EQ(seen.linearise({1, 0}, Process{1}), std::nullopt);
}

TEST(EventStructure, AHandlerThatWaitsForWhomItInterruptedIsADeadlock) {
    const Standing handling{.is_handling = true};
    const EventStructure seen(
        {task_and_handler(),
         {lock(0, OperationKind::Acquire), lock(0, OperationKind::Release), local(1, handling),
          lock(1, OperationKind::Acquire, handling), lock(1, OperationKind::Release)},
         {}});

    EXPECT_TRUE(seen.is_deadlock({1, 1}));
    EXPECT_FALSE(seen.is_deadlock({2, 1}));
    EXPECT_FALSE(seen.is_deadlock(seen.whole()));
}

TEST(ClassSearch, OneExecutionWhenNothingDepends) {
    ClassSearch search;

    EXPECT_EQ(search.next(), Plan());
    search.add({tasks(2), {write(0, kX), write(1, kY)}, {}});
    EXPECT_EQ(search.next(), std::nullopt);
}

TEST(ClassSearch, ARaceIsReversedOnce) {
    ClassSearch search;

    search.next();
    search.add({tasks(2), {write(0, kX), read(1, kX)}, {}});
    EXPECT_EQ(search.next(), (Plan{1}));
    search.add({tasks(2), {read(1, kX), write(0, kX)}, {}});
    EXPECT_EQ(search.next(), std::nullopt);
    EXPECT_EQ(search.executions(), 2u);
}

TEST(ClassSearch, ALockIsTakenInBothOrders) {
    const auto taken_by = [](Process first, Process second) {
        return Execution{
            tasks(2),
            {lock(first, OperationKind::Acquire), lock(first, OperationKind::Release),
             lock(second, OperationKind::Acquire), lock(second, OperationKind::Release)},
            {}};
    };
    ClassSearch search;

    search.next();
    search.add(taken_by(0, 1));
    EXPECT_EQ(search.next(), (Plan{1}));
    search.add(taken_by(1, 0));
    EXPECT_EQ(search.next(), std::nullopt);
}

}  // namespace
}  // namespace kloom::explore
