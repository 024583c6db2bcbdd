// The radix tree behind struct idr and struct xarray, against std::map.
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>

#include "base/prng.hpp"

// The tree's memory comes from here.
#define kloom_radix_slots_alloc allocate_counted
#define kloom_radix_slots_free free_counted
#include <linux/radix_slots.h>

namespace {
int g_nodes = 0;
int g_failing_after = -1;  // allocations that still succeed; -1: all
}  // namespace

extern "C" struct radix_slots_node* allocate_counted(gfp_t) {
    if (g_failing_after == 0) return nullptr;
    if (g_failing_after > 0) --g_failing_after;
    ++g_nodes;
    return static_cast<struct radix_slots_node*>(std::calloc(1, sizeof(struct radix_slots_node)));
}

extern "C" void free_counted(struct radix_slots_node* node) {
    --g_nodes;
    std::free(node);
}

namespace {

class RadixSlots : public ::testing::Test {
  protected:
    void SetUp() override {
        g_nodes = 0;
        g_failing_after = -1;
    }

    void* store(unsigned long index, void* entry) {
        void* old = nullptr;
        EXPECT_EQ(radix_slots_store(&root, index, entry, 0, &old), 0);
        return old;
    }

    struct radix_slots_node* root = nullptr;
};

void* entry_of(unsigned long number) {
    return reinterpret_cast<void*>(number * 8 + 8);
}

TEST_F(RadixSlots, AgreesWithAMap) {
    kloom::base::Prng random(5);
    std::map<unsigned long, void*> expected;
    for (int round = 0; round < 5000; ++round) {
        // Dense and sparse numbers, so that the tree grows and shrinks.
        const unsigned long index =
            random.below(4) != 0 ? random.below(300) : random.next() >> random.below(64);
        if (random.below(2) != 0) {
            void* before = expected.count(index) != 0 ? expected[index] : nullptr;
            ASSERT_EQ(store(index, entry_of(index)), before);
            expected[index] = entry_of(index);
        } else {
            ASSERT_EQ(store(index, nullptr) != nullptr, expected.erase(index) != 0);
        }
        ASSERT_EQ(radix_slots_load(&root, index) != nullptr, expected.count(index) != 0);

        unsigned long found = random.below(400);
        const auto next = expected.lower_bound(found);
        void* entry = radix_slots_find(&root, &found, ~0ul);
        ASSERT_EQ(entry != nullptr, next != expected.end());
        if (entry != nullptr) {
            ASSERT_EQ(found, next->first);
        }

        unsigned long wanted = random.below(400), free_index = wanted;
        ASSERT_EQ(radix_slots_find_free(&root, &free_index, ~0ul), 0);
        while (expected.count(wanted) != 0) ++wanted;
        ASSERT_EQ(free_index, wanted);
    }
    for (const auto& [index, entry] : expected) store(index, nullptr);
    EXPECT_EQ(g_nodes, 0);
    EXPECT_EQ(root, nullptr);
}

TEST_F(RadixSlots, DestroyFreesAllNodes) {
    for (unsigned long index : {0ul, 17ul, 5000ul, ~0ul}) store(index, entry_of(1));

    radix_slots_destroy(&root);

    EXPECT_EQ(g_nodes, 0);
    EXPECT_EQ(root, nullptr);
}

TEST_F(RadixSlots, AFullRangeHasNoFreeNumber) {
    for (unsigned long index = 0; index < 64; ++index) store(index, entry_of(index));
    unsigned long index = 0;

    EXPECT_EQ(radix_slots_find_free(&root, &index, 63), -ENOSPC);
    EXPECT_EQ(radix_slots_find_free(&root, &index, 64), 0);
    EXPECT_EQ(index, 64ul);
    radix_slots_destroy(&root);
}

TEST_F(RadixSlots, AFailedAllocationLeavesNothingBehind) {
    for (int allocations = 0; allocations < 4; ++allocations) {
        g_failing_after = allocations;
        void* old = nullptr;
        EXPECT_EQ(radix_slots_store(&root, 0x12345, entry_of(1), 0, &old), -ENOMEM) << allocations;
        EXPECT_EQ(g_nodes, 0) << allocations;
        EXPECT_EQ(root, nullptr) << allocations;
    }
}

}  // namespace
