// MemorySafety and Leaks, Assertion and Misuse.
#include <gtest/gtest.h>

#include "unit/detect/event_script.hpp"

namespace kloom::detect::testing {
namespace {

using trace::Severity;

// ---- accesses -----------------------------------------------------------------------------------

struct AccessCase {
    const char* name;
    uintptr_t address;
    uint32_t size;
    const char* id;
};

class BadAddresses : public ::testing::TestWithParam<AccessCase> {};

TEST_P(BadAddresses, AreDiagnosed) {
    EventScript script;

    script.write(script.task(kCpu0), 1, GetParam().address, GetParam().size);

    EXPECT_EQ(script.finding(GetParam().id).severity, Severity::Error);
    EXPECT_TRUE(script.finding(GetParam().id).ends_execution);
}

INSTANTIATE_TEST_SUITE_P(
    Table, BadAddresses,
    ::testing::Values(AccessCase{"Null", 0, 4, "null-dereference"},
                      AccessCase{"MemberOfNull", 0x18, 8, "null-dereference"},
                      AccessCase{"ErrorPointer", ~uintptr_t{11}, 4, "null-dereference"},
                      AccessCase{"UserPointer", kUser + 8, 1, "user-pointer"},
                      AccessCase{"PerCpuTemplate", kCounter, 4, "percpu-template"},
                      AccessCase{"Nowhere", 0x123456789000, 4, "wild-access"}),
    [](const auto& info) { return info.param.name; });

TEST(MemorySafety, GoodAccessesAreSilent) {
    EventScript script;
    const PathId task = script.task(kCpu0);
    const uintptr_t object = script.allocate(task, 1, 10);

    script.write(task, 2, kV);
    script.write(task, 3, object, 8);
    script.write(task, 4, object + 9, 1);
    script.write(task, 5, counter_of(kCpu0));
    script.free(task, 6, object);

    EXPECT_EQ(script.ids(), "");
}

TEST(MemorySafety, AnAccessBeyondAnObjectSaysHowFar) {
    EventScript script;
    const PathId task = script.task(kCpu0);
    const uintptr_t object = script.allocate(task, 1, 10);

    script.write(task, 2, object + 10, 1);

    EXPECT_EQ(script.finding("out-of-bounds").message,
              "{0} writes 1 byte, 0 bytes beyond an object of 10 bytes (kmalloc)");
    EXPECT_EQ(script.finding("out-of-bounds").sites[1].role, "was allocated by");
}

TEST(MemorySafety, AnAccessThatStartsInsideIsOutOfBoundsToo) {
    EventScript script;
    const PathId task = script.task(kCpu0);
    const uintptr_t object = script.allocate(task, 1, 10);

    script.write(task, 2, object + 8, 4);

    EXPECT_EQ(script.finding("out-of-bounds").message,
              "{0} writes 4 bytes of which 2 bytes lie beyond an object of 10 bytes (kmalloc)");
}

// kmalloc(sizeof(pointer)) for a mutex
TEST(MemorySafety, AKernelFunctionOnAnObjectThatIsTooSmall) {
    EventScript script;
    const PathId task = script.task(kCpu0);
    const uintptr_t object = script.allocate(task, 1, 8);

    script.emit(
        task, 2,
        {.kind = EventKind::ObjectUse, .size = 40, .address = object, .text = "mutex_init"});

    EXPECT_EQ(script.finding("out-of-bounds").message,
              "mutex_init(), called by {0}, uses an object of which 32 bytes lie beyond an object "
              "of 8 bytes (kmalloc)");
}

TEST(MemorySafety, AnOverrunWithinTheRedZoneDoesNotEndTheExecution) {
    EventScript script;
    const PathId task = script.task(kCpu0);
    const uintptr_t object = script.allocate(task, 1, 16);

    script.write(task, 2, object + 16, 8);
    script.write(task, 3, object + 16 + trace::kHeapRedZone, 8);

    EXPECT_FALSE(script.findings()[0].ends_execution);
    EXPECT_TRUE(script.findings()[1].ends_execution);
}

TEST(MemorySafety, UseAfterFreeNamesTheFree) {
    EventScript script;
    const PathId a = script.task(kCpu0);
    const PathId b = script.task(kCpu1, a);
    const uintptr_t object = script.allocate(a, 1, 16);

    script.free(b, 10, object);
    script.read(a, 2, object);

    const trace::Finding& finding = script.finding("use-after-free");
    EXPECT_EQ(finding.sites[1].path, b);
    EXPECT_EQ(finding.sites[1].pc, 10u * 64);
    EXPECT_TRUE(finding.ends_execution);
}

// ---- frees --------------------------------------------------------------------------------------

TEST(MemorySafety, FreeingTwiceIsADoubleFree) {
    EventScript script;
    const PathId task = script.task(kCpu0);
    const uintptr_t object = script.allocate(task, 1, 16);

    script.free(task, 2, object);
    script.free(task, 3, object);

    EXPECT_EQ(script.ids(), "double-free");
    EXPECT_FALSE(script.findings()[0].ends_execution);
}

TEST(MemorySafety, FreeingWhatIsNoObjectIsInvalid) {
    EventScript script;
    const PathId task = script.task(kCpu0);
    const uintptr_t object = script.allocate(task, 1, 64);

    script.free(task, 2, object + 16);
    script.free(task, 3, kV);
    EXPECT_EQ(script.ids(), "invalid-free invalid-free");

    script.emit(task, 4,
                {.kind = EventKind::Free,
                 .flags = static_cast<uint16_t>(trace::MemoryKind::Vmalloc),
                 .size = 64,
                 .address = object,
                 .text = "vfree"});
    EXPECT_EQ(script.findings().back().message, "{0} frees with vfree() what kmalloc() allocated");
}

// ---- leaks --------------------------------------------------------------------------------------

TEST(Leaks, ObjectsOfOnePlaceAreOneFinding) {
    EventScript script;
    const PathId task = script.task(kCpu0);

    script.allocate(task, 5, 16);
    script.allocate(task, 7, 8);
    script.allocate(task, 5, 16);
    script.free(task, 9, script.allocate(task, 8, 8));
    script.emit(task, 0, {.kind = EventKind::ModuleGone});

    ASSERT_EQ(script.ids(), "leak leak");
    EXPECT_EQ(script.findings()[0].message,
              "2 objects of 32 bytes in all allocated by {0} with kmalloc() are never freed");
    EXPECT_EQ(script.findings()[1].message,
              "an object of 8 bytes allocated by {0} with kmalloc() is never freed");
}

TEST(Leaks, WhatIsStillKnownToTheKernelIsLeftRunning) {
    EventScript script;
    const PathId task = script.task(kCpu0);

    script.emit(
        task, 0,
        {.kind = EventKind::Leftover, .address = kW, .text = "kthread", .detail = "worker"});
    script.emit(
        task, 0,
        {.kind = EventKind::Leftover, .address = kV, .text = "proc entry", .detail = "percpu"});

    ASSERT_EQ(script.ids(), "left-running left-running");
    EXPECT_EQ(script.findings()[0].message,
              "kthread \"worker\" is still active after the module is gone");
    EXPECT_EQ(script.findings()[1].message,
              "proc entry \"percpu\" is still registered after the module is gone");
}

// ---- what the code or the kernel says -----------------------------------------------------------

TEST(Assertion, BugEndsTheExecutionAndWarnDoesNot) {
    EventScript script;
    const PathId task = script.task(kCpu0);

    script.emit(task, 1, {.kind = EventKind::Assertion, .flags = 0, .text = "V != 3"});
    script.emit(task, 2, {.kind = EventKind::Assertion, .flags = 1, .text = "!p"});

    ASSERT_EQ(script.ids(), "assertion assertion");
    EXPECT_EQ(script.findings()[0].message, "WARN by {0}: V != 3");
    EXPECT_FALSE(script.findings()[0].ends_execution);
    EXPECT_EQ(script.findings()[1].message, "BUG by {0}: !p");
    EXPECT_TRUE(script.findings()[1].ends_execution);
}

TEST(Misuse, IsPassedOn) {
    EventScript script;

    script.emit(script.task(kCpu0), 1,
                {.kind = EventKind::Misuse,
                 .flags = static_cast<uint16_t>(Severity::Warning),
                 .text = "timer-storm",
                 .detail = "the timer fires for ever"});

    EXPECT_EQ(script.finding("timer-storm").severity, Severity::Warning);
    EXPECT_EQ(script.finding("timer-storm").message, "the timer fires for ever");
}

}  // namespace
}  // namespace kloom::detect::testing
