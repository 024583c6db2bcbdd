#include "kernel/mm/percpu.hpp"

#include <gtest/gtest.h>

#include "on_machine.hpp"

namespace kloom::kernel {
namespace {

using trace::EventKind;

class PerCpuTest : public ::testing::Test {
  protected:
    void run(std::function<void()> body) {
        percpu.begin_execution();
        environment.run(std::move(body));
    }
    static int& copy_of(const void* variable, int cpu) {
        return *reinterpret_cast<int*>(
            trace::percpu_copy(reinterpret_cast<uintptr_t>(variable), CpuId(static_cast<uint16_t>(cpu))));
    }
    static uintptr_t address_of(const void* pointer) { return reinterpret_cast<uintptr_t>(pointer); }

    // The module's section .data..percpu.
    alignas(4096) static inline int section[1024] = {3, 4};
    tests::OnMachine environment;
    PerCpuService percpu{environment.machine()};
};

TEST_F(PerCpuTest, StaticCopiesStartWithTheInitialValueInEveryExecution) {
    ASSERT_TRUE(percpu.map_static(address_of(section), address_of(section + 1024)));

    for (int execution = 0; execution < 2; ++execution)
        run([&] {
            EXPECT_EQ(copy_of(&section[1], 0), 4);
            EXPECT_EQ(copy_of(&section[1], 1), 4);
            copy_of(&section[1], 0) = 99;
        });
}

TEST_F(PerCpuTest, AllocatedCopiesAreZeroedInEveryExecution) {
    for (int execution = 0; execution < 2; ++execution)
        run([&] {
            void* pointer = percpu.allocate({.size = sizeof(int), .function = "alloc_percpu"});

            EXPECT_EQ(copy_of(pointer, 0), 0);
            EXPECT_EQ(copy_of(pointer, 1), 0);
            copy_of(pointer, 1) = 99;
        });
}

TEST_F(PerCpuTest, AddressIsTheRunningCpusCopyAndSaysHowItWasAskedFor) {
    run([&] {
        void* pointer = percpu.allocate({.size = 4, .function = "alloc_percpu"});
        const uintptr_t copy = percpu.address(address_of(pointer), trace::kCpuReadGuarded);

        EXPECT_EQ(copy, trace::percpu_copy(address_of(pointer), environment.machine().cpu()));
        EXPECT_EQ(environment.events.back().kind, EventKind::PerCpuAddress);
        EXPECT_EQ(environment.events.back().address, copy);
        EXPECT_EQ(environment.events.back().flags, trace::kCpuReadGuarded);
    });
}

TEST_F(PerCpuTest, AddressOfTaskThatMayMoveCanGetStale) {
    run([&] {
        void* pointer = percpu.allocate({.size = 4, .function = "alloc_percpu"});
        machine::Path& path = environment.machine().current();

        path.is_bound = true;
        percpu.address(address_of(pointer), trace::kCpuReadChecked);
        EXPECT_FALSE(path.has_cpu_dependence);
        path.is_bound = false;
        percpu.address(address_of(pointer), trace::kCpuReadChecked);
        EXPECT_TRUE(path.has_cpu_dependence);
    });
}

TEST_F(PerCpuTest, FreeingWritesEveryCopy) {
    run([&] {
        void* pointer = percpu.allocate({.size = 4, .function = "alloc_percpu"});
        percpu.release(pointer);

        EXPECT_EQ(environment.count(EventKind::Access), 2u);
        EXPECT_EQ(environment.events.back().kind, EventKind::Free);
        EXPECT_FALSE(environment.machine().memory().is_accessible(trace::percpu_copy(address_of(pointer), CpuId(0)), 4));
    });
}

TEST_F(PerCpuTest, AddressOfWhatIsNotPerCpuIsMisuse) {
    int ordinary = 0;
    bool went_on = false;
    run([&] {
        percpu.address(address_of(&ordinary), trace::kCpuReadGuarded);
        went_on = true;
    });

    EXPECT_EQ(environment.count(EventKind::Misuse), 1u);
    EXPECT_FALSE(went_on);
}

}  // namespace
}  // namespace kloom::kernel
