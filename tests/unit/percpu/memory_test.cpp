// The allocator: packing, alignment, zero bytes, refusal of wrong pointers, memory that is touched, fork, threads.
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <memory>
#include <random>
#include <thread>
#include <vector>

#include "percpu/allocate.hpp"
#include "percpu/chunk.hpp"
#include "percpu/variable.hpp"
#include "unit/percpu/without_rseq.hpp"

namespace percpu::detail {
namespace {

TEST(Allocation, OfEightBytesIsPacked) {
    std::vector<Handle> handles;
    for (int i = 0; i < 8192; ++i) handles.push_back(allocate_block(8, 8, Content::kZero));

    std::vector<Handle> sorted = handles;
    std::sort(sorted.begin(), sorted.end());
    int neighbours = 0;
    for (std::size_t i = 1; i < sorted.size(); ++i) neighbours += sorted[i] - sorted[i - 1] == 8;
    EXPECT_GT(neighbours, 8192 - 200);  // but for chunks' ends and what magazines of other CPUs hold
    for (const Handle handle : handles) free_block(handle);
}

TEST(Allocation, KeepsToTheAlignment) {
    for (std::size_t alignment = 1; alignment <= 4096; alignment *= 2) {
        const Handle handle = allocate_block(24, alignment, Content::kZero);
        ASSERT_NE(handle, 0u);
        for_each_copy(handle, possible_cpus(),
                      [&](std::uintptr_t copy) { EXPECT_EQ(copy % std::max<std::size_t>(alignment, 8), 0u); });
        free_block(handle);
    }
}

TEST(Allocation, RefusesWhatItCannotGive) {
    EXPECT_EQ(allocate_block(0, 8, Content::kZero), 0u);
    EXPECT_EQ(allocate_block(65537, 8, Content::kZero), 0u);
    EXPECT_EQ(allocate_block(8, 8192, Content::kZero), 0u);
    EXPECT_EQ(allocate_block(8, 24, Content::kZero), 0u);
    EXPECT_EQ(allocate_block(8, 0, Content::kZero), 0u);
}

TEST(Allocation, GivesTheLargestBlock) {
    const Handle handle = allocate_block(65536, 8, Content::kZero);
    ASSERT_NE(handle, 0u);
    for_each_copy(handle, possible_cpus(),
                  [&](std::uintptr_t copy) { std::memset(reinterpret_cast<void*>(copy), 1, 65536); });
    free_block(handle);
}

struct Block {
    Handle handle;
    std::size_t size;
};

void expect_zero_and_fill(const Block& block) {
    for_each_copy(block.handle, possible_cpus(), [&](std::uintptr_t copy) {
        auto* const bytes = reinterpret_cast<unsigned char*>(copy);
        for (std::size_t i = 0; i < block.size; ++i) ASSERT_EQ(bytes[i], 0) << "of " << block.size;
        std::memset(bytes, 0xff, block.size);
    });
}

// Blocks are filled on every CPU; one that overlaps another or was not cleaned shows.
TEST(Allocation, GivesZeroBytesThatNobodyElseHas) {
    std::mt19937 random(1);
    const std::size_t sizes[] = {1, 4, 8, 12, 16, 24, 40, 56, 64, 72, 100, 256, 1000, 4096, 5000};
    std::vector<Block> blocks;
    for (int step = 0; step < 40000; ++step) {
        const bool grows = step % 10000 < 5000;
        if (blocks.empty() || random() % 100 < (grows ? 60 : 40)) {
            const std::size_t size = sizes[random() % std::size(sizes)];
            const std::size_t alignment = random() % 8 == 0 ? 64 : 8;
            blocks.push_back({allocate_block(size, alignment, Content::kZero), size});
            ASSERT_NE(blocks.back().handle, 0u);
            ASSERT_NO_FATAL_FAILURE(expect_zero_and_fill(blocks.back()));
        } else {
            std::swap(blocks[random() % blocks.size()], blocks.back());
            free_block(blocks.back().handle);
            blocks.pop_back();
        }
    }
    for (const Block& block : blocks) free_block(block.handle);
}

std::size_t address_space_bytes() {
    std::size_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    return pages * static_cast<std::size_t>(getpagesize());
}

TEST(Allocation, ReusesWhatIsFreed) {
    std::vector<Handle> handles(100);
    const std::size_t before = address_space_bytes();
    for (int round = 0; round < 2000; ++round) {
        for (Handle& handle : handles) handle = allocate_block(8, 8, Content::kZero);
        for (const Handle handle : handles) free_block(handle);
    }
    // Without reuse it would be 25 chunks.
    EXPECT_LE(address_space_bytes() - before, 4 * static_cast<std::size_t>(possible_cpus() + 2) * kUnitBytes);
}

TEST(Allocation, BySeveralThreadsGivesEachItsOwn) {
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([i] {
            if (i == 3) give_up_rseq();
            std::vector<owned<std::uint64_t>> mine;
            for (int round = 0; round < 300; ++round) {
                for (int k = 0; k < 100; ++k) {
                    mine.push_back(allocate<std::uint64_t>());
                    mine.back().add(7);
                }
                for (const auto& x : mine) ASSERT_EQ(x.sum(), 7u);
                mine.clear();
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
}

// What blocks a thread frees, another takes: the copies are clean, wherever both ran.
TEST(Allocation, IsCleanAfterUseOnEveryCpu) {
    for (int round = 0; round < 20; ++round) {
        std::vector<owned<std::uint32_t>> variables;
        for (int i = 0; i < 2000; ++i) variables.push_back(allocate<std::uint32_t>());
        std::uint32_t uses = 0;
        for (const int cpu : allowed_cpus()) {
            std::thread([&] {
                pin_to(cpu);
                ++uses;
                for (const auto& x : variables) ASSERT_EQ(x.add_return(1), status().active ? 1u : uses);
            }).join();
        }
    }
}

TEST(AllocationDeathTest, DoubleFreeIsRefused) {
    EXPECT_DEATH(
        {
            const Handle handle = allocate_block(8, 8, Content::kZero);
            free_block(handle);
            free_block(handle);
        },
        "percpu: free of 0x[0-9a-f]+: it is not allocated; freed twice\\?");
    EXPECT_DEATH(
        {
            const Handle handle = allocate_block(5000, 8, Content::kZero);
            free_block(handle);
            free_block(handle);
        },
        "freed twice\\?");
}

TEST(AllocationDeathTest, ForeignPointersAreRefused) {
    static int foreign;
    EXPECT_DEATH(free_block(reinterpret_cast<Handle>(&foreign)), "it was not allocated here");
    EXPECT_DEATH(free_block(allocate_block(64, 8, Content::kZero) + 8), "it points into a variable");
    EXPECT_DEATH(free_block(allocate_block(64, 8, Content::kZero) + 4), "it points into a variable");
    EXPECT_DEATH(free_block(copy_address(allocate_block(8, 8, Content::kZero), 0)), "it was not allocated here");
}

TEST(Allocation, OfNothingIsFreedAsNothing) { free_block(0); }

// ---- memory --------------------------------------------------------------------------------------------------------

std::size_t resident_pages(std::uintptr_t begin, std::size_t bytes) {
    const std::size_t page = static_cast<std::size_t>(getpagesize());
    std::vector<unsigned char> pages(bytes / page);
    EXPECT_EQ(mincore(reinterpret_cast<void*>(begin), bytes, pages.data()), 0);
    return static_cast<std::size_t>(std::count_if(pages.begin(), pages.end(), [](unsigned char p) { return p & 1; }));
}

TEST(Memory, IsTouchedOnlyForCpusThatRan) {
    const Handle handle = allocate_block(65536, 8, Content::kZero);
    ASSERT_NE(handle, 0u);
    std::thread([&] {
        pin_to(first_allowed_cpu());
        sequence::add<std::uint64_t>(handle, 1);
    }).join();

    std::size_t pages = 0;
    for_each_copy(handle, possible_cpus(), [&](std::uintptr_t copy) { pages += resident_pages(copy, kUnitBytes); });
    EXPECT_EQ(pages, 1u);
    free_block(handle);
}

TEST(Memory, BookkeepingIsAByteForEightAtMost) { EXPECT_LE(sizeof(Chunk), kGrains + 256); }

// ---- fork ----------------------------------------------------------------------------------------------------------

TEST(Fork, TheChildHasItsOwnCopiesAndGoesOnAllocating) {
    const owned<int> x = allocate<int>();
    x.add(3);
    std::atomic<bool> stop{false};
    std::thread busy([&] {
        while (!stop) allocate<int[20]>().reset();  // takes the mutex all the time
    });
    for (int round = 0; round < 50; ++round) {
        const pid_t child = fork();
        ASSERT_GE(child, 0);
        if (child == 0) {
            alarm(20);
            x.add(4);
            std::vector<owned<int[20]>> more;
            for (int i = 0; i < 100; ++i) more.push_back(allocate<int[20]>());
            _exit(x.sum() == 7 && more.back()[5].sum() == 0 ? 0 : 1);
        }
        int status = 0;
        waitpid(child, &status, 0);
        ASSERT_EQ(status, 0);
    }
    stop = true;
    busy.join();
    EXPECT_EQ(x.sum(), 3);
}

// Two mutexes are taken for a fork, and for the first use of a variable: in the same order, or both wait for ever.
TEST(Fork, DoesNotMeetTheFirstUseOfAVariable) {
    alarm(100);
    std::atomic<bool> stop{false};
    std::thread busy([&] {
        while (!stop) {
            const auto fresh = std::make_unique<variable<int[20]>>();
            fresh->prepare();
        }
    });
    for (int round = 0; round < 200; ++round) {
        const pid_t child = fork();
        ASSERT_GE(child, 0);
        if (child == 0) {
            alarm(20);
            static variable<int> of_the_child;
            of_the_child.inc();
            _exit(of_the_child.sum() == 1 ? 0 : 1);
        }
        int status = 0;
        waitpid(child, &status, 0);
        ASSERT_EQ(status, 0);
    }
    stop = true;
    busy.join();
    alarm(0);
}

}  // namespace
}  // namespace percpu::detail
