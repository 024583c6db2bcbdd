#include "kernel/mm/slab.hpp"

#include <gtest/gtest.h>

#include "on_machine.hpp"

namespace kloom::kernel {
namespace {

using trace::EventKind;
using trace::HeapObject;
using trace::MemoryKind;

class SlabTest : public ::testing::Test {
  protected:
    void run(std::function<void()> body) {
        slab.begin_execution();
        environment.run(std::move(body));
    }
    const HeapObject* object_at(const void* pointer) {
        return environment.machine().memory().find_object(reinterpret_cast<uintptr_t>(pointer));
    }

    tests::OnMachine environment;
    SlabService slab{environment.machine()};
};

TEST_F(SlabTest, FreshMemoryHoldsThePatternOrZeroes) {
    run([&] {
        auto* fresh = static_cast<unsigned char*>(slab.allocate({.size = 100, .function = "kmalloc"}));
        auto* zeroed = static_cast<unsigned char*>(slab.allocate({.size = 100, .function = "kzalloc", .is_zeroed = true}));

        EXPECT_EQ(fresh[0], 0x5a);
        EXPECT_EQ(fresh[99], 0x5a);
        EXPECT_EQ(zeroed[0], 0);
        EXPECT_EQ(zeroed[99], 0);
    });
}

TEST_F(SlabTest, AddressesRepeatInEveryExecution) {
    void* first[2] = {};
    for (void*& pointer : first)
        run([&] {
            slab.allocate({.size = 10, .function = "kmalloc"});
            pointer = slab.allocate({.size = 10, .function = "kmalloc"});
        });

    EXPECT_NE(first[0], nullptr);
    EXPECT_EQ(first[0], first[1]);
}

TEST_F(SlabTest, AllocationIsAnEventAndALiveObject) {
    run([&] {
        void* pointer = slab.allocate({.size = 24, .kind = MemoryKind::Cache, .function = "kmem_cache_alloc"});

        ASSERT_EQ(environment.events.size(), 1u);
        EXPECT_EQ(environment.events[0].kind, EventKind::Allocate);
        EXPECT_EQ(environment.events[0].size, 24u);
        EXPECT_EQ(environment.events[0].text, "kmem_cache_alloc");
        ASSERT_NE(slab.live_object(pointer), nullptr);
        EXPECT_EQ(slab.live_object(pointer)->kind, MemoryKind::Cache);
    });
}

TEST_F(SlabTest, FreeingWritesTheObjectAndLeavesAPattern) {
    run([&] {
        auto* pointer = static_cast<unsigned char*>(slab.allocate({.size = 24, .function = "kmalloc"}));
        slab.release(pointer, MemoryKind::Slab, "kfree");

        ASSERT_EQ(environment.events.size(), 3u);
        EXPECT_EQ(environment.events[1].kind, EventKind::Access);
        EXPECT_EQ(environment.events[1].flags, kFreeFlags);
        EXPECT_EQ(environment.events[2].kind, EventKind::Free);
        EXPECT_EQ(pointer[0], 0x6b);
        EXPECT_FALSE(object_at(pointer)->is_live);
        EXPECT_EQ(slab.allocated_bytes(), 0u);
    });
}

TEST_F(SlabTest, SecondFreeIsOnlyAnEvent) {
    run([&] {
        void* pointer = slab.allocate({.size = 24, .function = "kmalloc"});
        slab.release(pointer, MemoryKind::Slab, "kfree");
        slab.release(pointer, MemoryKind::Slab, "kfree");

        EXPECT_EQ(environment.count(EventKind::Free), 2u);
        EXPECT_EQ(environment.count(EventKind::Access), 1u);
    });
}

TEST_F(SlabTest, MemoryIsNotHandedOutAgainSoon) {
    run([&] {
        void* pointer = slab.allocate({.size = 24, .function = "kmalloc"});
        slab.release(pointer, MemoryKind::Slab, "kfree");

        EXPECT_NE(slab.allocate({.size = 24, .function = "kmalloc"}), pointer);
    });
}

TEST_F(SlabTest, AllocatingAndFreeingForEverIsPossible) {
    run([&] {
        for (int round = 0; round < 300; ++round) {
            void* pointer = slab.allocate({.size = 1 << 20, .function = "kmalloc"});
            ASSERT_NE(pointer, nullptr) << round;
            slab.release(pointer, MemoryKind::Slab, "kfree");
        }
    });
}

TEST_F(SlabTest, AskingOnWithoutMemoryIsMisuse) {
    run([&] {
        constexpr size_t kBlock = 4 << 20;
        while (slab.allocate({.size = kBlock, .function = "kmalloc"}) != nullptr) {}
        EXPECT_EQ(environment.count(EventKind::Misuse), 0u);
        for (size_t asked = 0; asked <= kDeniedBytesMax; asked += kBlock) slab.allocate({.size = kBlock, .function = "kmalloc"});

        EXPECT_EQ(environment.count(EventKind::Misuse), 1u);
    });
}

TEST_F(SlabTest, LargeVmallocFitsTheMachine) {
    run([&] {
        EXPECT_NE(slab.allocate({.size = 100 << 20, .kind = MemoryKind::Vmalloc, .function = "vmalloc"}), nullptr);
        EXPECT_EQ(slab.allocate({.size = 300 << 20, .kind = MemoryKind::Vmalloc, .function = "vmalloc"}), nullptr);
    });
}

TEST_F(SlabTest, InternalObjectsAreNoAllocationsOfTheModule) {
    run([&] {
        void* object = slab.allocate_internal(100, "alloc_file");

        EXPECT_TRUE(object_at(object)->is_internal);
        EXPECT_TRUE(environment.events.empty());
        slab.release_internal(object);
        EXPECT_FALSE(object_at(object)->is_live);
    });
}

TEST(KmallocBucket, SizesAreThoseOfLinuxsCaches) {
    struct {
        const char* name;
        size_t size;
        size_t bucket;
    } const cases[] = {
        {"smallest", 1, 8},       {"8", 8, 8},           {"9", 9, 16},           {"pointer", 65, 96},
        {"between", 97, 128},     {"192", 129, 192},     {"256", 193, 256},      {"page and a byte", 4097, 8192},
        {"largest", 4194304, 4194304},
    };
    for (const auto& row : cases) EXPECT_EQ(kmalloc_bucket(row.size), row.bucket) << row.name;
}

}  // namespace
}  // namespace kloom::kernel
