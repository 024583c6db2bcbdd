#include "trace/memory_map.hpp"

#include <gtest/gtest.h>

namespace kloom::trace {
namespace {

constexpr uintptr_t kHeap = 0x200000000000;
constexpr uintptr_t kDynamic = 0x280000000000;
constexpr uintptr_t kModule = 0x7ffff7000000;

class MemoryMapTest : public ::testing::Test {
  protected:
    MemoryMapTest() {
        map.set_heap(kHeap, kHeap + (uintptr_t{64} << 20));
        map.set_dynamic_percpu(kDynamic, kDynamic + (1 << 20), 2);
    }
    HeapObject& add(uintptr_t address, uint64_t size, MemoryKind kind = MemoryKind::Slab) {
        HeapObject object;
        object.address = address;
        object.size = size;
        object.kind = kind;
        return map.add_object(object);
    }

    MemoryMap map;
};

TEST_F(MemoryMapTest, ObjectIsAccessibleInItsBoundsOnly) {
    add(kHeap + 64, 20);

    EXPECT_TRUE(map.is_accessible(kHeap + 64, 20));
    EXPECT_TRUE(map.is_accessible(kHeap + 83, 1));
    EXPECT_FALSE(map.is_accessible(kHeap + 83, 2));
    EXPECT_FALSE(map.is_accessible(kHeap + 63, 1));
    EXPECT_FALSE(map.is_accessible(kHeap + 84, 1));
}

TEST_F(MemoryMapTest, RedZonesBelongToTheirObject) {
    constexpr uintptr_t kObject = kHeap + 4 * kHeapRedZone;
    add(kObject, 20);

    EXPECT_NE(map.find_object(kObject - kHeapRedZone), nullptr);
    EXPECT_EQ(map.find_object(kObject - kHeapRedZone - 1), nullptr);
    EXPECT_EQ(map.classify(kObject + 26).region, Region::Heap);
    EXPECT_EQ(map.classify(kObject + 20 + kHeapRedZone).region, Region::Unmapped);
}

TEST_F(MemoryMapTest, SlackBehindAnObjectIsNotAccessible) {
    add(kHeap + 64, 20).capacity = 32;

    EXPECT_FALSE(map.is_accessible(kHeap + 64 + 20, 1));
    EXPECT_NE(map.find_object(kHeap + 64 + 31), nullptr);
}

TEST_F(MemoryMapTest, FreedObjectIsRememberedButNotAccessible) {
    add(kHeap + 64, 16).is_live = false;

    EXPECT_FALSE(map.is_accessible(kHeap + 64, 8));
    ASSERT_NE(map.classify(kHeap + 64).object, nullptr);
    EXPECT_FALSE(map.classify(kHeap + 64).object->is_live);
}

TEST_F(MemoryMapTest, LargeObjectsAreFoundAtEveryAddress) {
    const uintptr_t address = kHeap + 4096 + 48;
    const uint64_t size = 3 * kLargeObject + 100;
    add(address, size);

    for (uintptr_t at = address - kHeapRedZone; at < address + size + kHeapRedZone; at += 8)
        ASSERT_NE(map.find_object(at), nullptr) << at - address;
    EXPECT_TRUE(map.is_accessible(address, size));
    EXPECT_FALSE(map.is_accessible(address, size + 1));
}

TEST_F(MemoryMapTest, NeighboursOfALargeObjectKeepTheirGranules) {
    HeapObject& before = add(kHeap + 64, 16);
    const uintptr_t large = before.address + 16 + 2 * kHeapRedZone;
    add(large, kLargeObject);
    HeapObject& after = add(large + kLargeObject + 2 * kHeapRedZone, 16);

    EXPECT_EQ(map.find_object(kHeap + 64)->address, before.address);
    EXPECT_EQ(map.find_object(after.address - kHeapRedZone)->address, after.address);
    EXPECT_EQ(map.find_object(large)->address, large);
}

TEST_F(MemoryMapTest, NewExecutionForgetsObjects) {
    add(kHeap + 64, 16);

    map.begin_execution();

    EXPECT_EQ(map.find_object(kHeap + 64), nullptr);
    EXPECT_EQ(map.classify(kHeap + 64).region, Region::Unmapped);
}

TEST_F(MemoryMapTest, ObjectThatReplacesAFreedOneIsFound) {
    add(kHeap + 64, 64).is_live = false;
    add(kHeap + 64, 16);

    EXPECT_TRUE(map.find_object(kHeap + 64)->is_live);
    EXPECT_EQ(map.find_object(kHeap + 64)->size, 16u);
}

TEST_F(MemoryMapTest, LaterRegionWinsWhereTheyOverlap) {
    map.add_region(Region::ModuleData, kModule, kModule + 0x3000);
    map.add_region(Region::ModuleReadOnly, kModule + 0x1000, kModule + 0x2000);

    EXPECT_EQ(map.classify(kModule).region, Region::ModuleData);
    EXPECT_EQ(map.classify(kModule + 0x1fff).region, Region::ModuleReadOnly);
    EXPECT_EQ(map.classify(kModule + 0x2000).region, Region::ModuleData);
    EXPECT_TRUE(map.is_accessible(kModule + 0xffc, 8));
    EXPECT_FALSE(map.is_accessible(kModule + 0x2ffc, 8));
}

TEST_F(MemoryMapTest, StaticPerCpuSectionIsATemplateAndItsCopiesAreMemory) {
    map.add_region(Region::ModuleData, kModule, kModule + 0x3000);
    map.set_static_percpu(kModule + 0x100, kModule + 0x110, 2);
    const uintptr_t variable = kModule + 0x108;
    const uintptr_t copy = percpu_copy(variable, CpuId(1));

    EXPECT_EQ(map.classify(variable).region, Region::PerCpuTemplate);
    EXPECT_FALSE(map.is_accessible(variable, 4));
    EXPECT_EQ(map.classify(copy).region, Region::PerCpu);
    EXPECT_EQ(map.classify(copy).cpu, CpuId(1));
    EXPECT_EQ(map.classify(copy).canonical, variable);
    EXPECT_TRUE(map.is_accessible(copy, 8));
    EXPECT_FALSE(map.is_accessible(copy, 9));
    EXPECT_EQ(map.classify(percpu_copy(variable, CpuId(2))).region, Region::Unmapped);
}

TEST_F(MemoryMapTest, DynamicPerCpuObjectsAreKnownByTheirCopies) {
    HeapObject& object = add(kDynamic + 64, 8, MemoryKind::PerCpu);
    const uintptr_t copy = percpu_copy(object.address, CpuId(0));

    EXPECT_EQ(map.classify(object.address).region, Region::PerCpuTemplate);
    EXPECT_EQ(map.classify(copy).object, &object);
    EXPECT_TRUE(map.is_accessible(copy, 8));
    EXPECT_FALSE(map.is_accessible(copy + 8, 1));
    object.is_live = false;
    EXPECT_FALSE(map.is_accessible(copy, 8));
}

TEST_F(MemoryMapTest, StacksKnowTheirOwner) {
    map.set_stacks(0x300000000000, 0x10000, 4);
    map.set_stack_owner(2, PathId(7));

    EXPECT_EQ(map.classify(0x300000020010).owner, PathId(7));
    EXPECT_TRUE(map.is_accessible(0x300000020010, 16));
    EXPECT_FALSE(map.is_accessible(0x30000003fff8, 16));
    map.begin_execution();
    EXPECT_EQ(map.classify(0x300000020010).owner, kNoPath);
}

TEST_F(MemoryMapTest, BadPointersAreNamed) {
    struct {
        const char* name;
        uintptr_t address;
        Region region;
    } const cases[] = {
        {"null", 0, Region::NullPage},
        {"field of null", 0x40, Region::NullPage},
        {"error pointer", ~uintptr_t{11}, Region::ErrorPointer},
        {"this_cpu_ptr(NULL)", percpu_copy(0, CpuId(1)), Region::NullPage},
        {"field of this_cpu_ptr(NULL)", percpu_copy(8, CpuId(0)), Region::NullPage},
        {"wild", 0xdead000000000100, Region::Unmapped},
    };
    for (const auto& row : cases) {
        EXPECT_EQ(map.classify(row.address).region, row.region) << row.name;
        EXPECT_FALSE(map.is_accessible(row.address, 1)) << row.name;
    }
}

TEST_F(MemoryMapTest, UserMemoryIsNotAccessible) {
    map.add_region(Region::User, 0x100000000000, 0x100000010000);

    EXPECT_EQ(map.classify(0x100000000010).region, Region::User);
    EXPECT_FALSE(map.is_accessible(0x100000000010, 1));
}

}  // namespace
}  // namespace kloom::trace
