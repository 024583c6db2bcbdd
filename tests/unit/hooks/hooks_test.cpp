#include <gtest/gtest.h>

#include <cstring>

#include "hook_recorder.hpp"

extern "C" {
void __tsan_read4(void*);
void __tsan_write8(void*);
void __tsan_unaligned_read2(void*);
void __tsan_volatile_write4(void*);
void __tsan_read_write4(void*);
void __tsan_write_range(void*, unsigned long);
void* __tsan_memcpy(void*, const void*, unsigned long);
void* __tsan_memmove(void*, const void*, unsigned long);
void* __tsan_memset(void*, int, unsigned long);
uint32_t __tsan_atomic32_load(const volatile uint32_t*, int);
void __tsan_atomic32_store(volatile uint32_t*, uint32_t, int);
uint32_t __tsan_atomic32_fetch_add(volatile uint32_t*, uint32_t, int);
uint8_t __tsan_atomic8_fetch_nand(volatile uint8_t*, uint8_t, int);
int __tsan_atomic32_compare_exchange_strong(volatile uint32_t*, uint32_t*, uint32_t, int, int);
uint64_t __tsan_atomic64_compare_exchange_val(volatile uint64_t*, uint64_t, uint64_t, int, int);
void kcsan_disable_current();
void kcsan_enable_current();
}

namespace kloom {
namespace {

using namespace trace;
using tests::Recorded;
using Accesses = std::vector<Recorded>;

class HooksTest : public ::testing::Test {
  protected:
    HooksTest() { recorder.add_memory(memory, sizeof memory); }
    Recorded access(size_t offset, uint32_t size, int flags) {
        return {reinterpret_cast<uintptr_t>(memory) + offset, size, static_cast<uint16_t>(flags)};
    }

    alignas(16) unsigned char memory[1024] = {};
    uint32_t* const words = reinterpret_cast<uint32_t*>(memory);
    tests::HookRecorder recorder;
};

TEST_F(HooksTest, PlainAccessesAreReportedWithTheirSize) {
    const Accesses accesses = recorder.record([&] {
        __tsan_read4(memory);
        __tsan_write8(memory + 8);
        __tsan_unaligned_read2(memory + 1);
    });

    EXPECT_EQ(accesses, (Accesses{access(0, 4, kRead), access(8, 8, kWrite), access(1, 2, kRead)}));
}

TEST_F(HooksTest, VolatileAccessesAreMarked) {
    const Accesses accesses = recorder.record([&] { __tsan_volatile_write4(memory); });

    EXPECT_EQ(accesses, (Accesses{access(0, 4, kWrite | kMarked)}));
}

TEST_F(HooksTest, CompoundAccessIsTwoAccesses) {
    const Accesses accesses = recorder.record([&] { __tsan_read_write4(memory); });

    EXPECT_EQ(accesses, (Accesses{access(0, 4, kRead), access(0, 4, kWrite)}));
}

TEST_F(HooksTest, NothingIsReportedOutsideOfAnExecution) {
    __tsan_read4(memory);
    EXPECT_EQ(__tsan_atomic32_fetch_add(words, 5, __ATOMIC_RELAXED), 0u);

    EXPECT_EQ(words[0], 5u);
    EXPECT_TRUE(recorder.record([] {}).empty());
}

TEST_F(HooksTest, SmallCopyIsDoneWordByWord) {
    std::memset(memory + 64, 7, 20);

    const Accesses accesses = recorder.record([&] { __tsan_memcpy(memory, memory + 64, 20); });

    EXPECT_EQ(accesses, (Accesses{access(64, 8, kRead), access(0, 8, kWrite), access(72, 8, kRead), access(8, 8, kWrite),
                                  access(80, 4, kRead), access(16, 4, kWrite)}));
    EXPECT_EQ(std::memcmp(memory, memory + 64, 20), 0);
    EXPECT_EQ(memory[20], 0);
}

TEST_F(HooksTest, OverlappingMovesKeepTheSource) {
    for (size_t size : {20u, 600u}) {
        for (int distance : {-12, 12}) {
            unsigned char source[600];
            for (size_t index = 0; index < size; ++index) source[index] = static_cast<unsigned char>(index * 7);
            std::memcpy(memory + 64, source, size);

            recorder.record([&] { __tsan_memmove(memory + 64 + distance, memory + 64, size); });

            EXPECT_EQ(std::memcmp(memory + 64 + distance, source, size), 0) << size << " bytes by " << distance;
        }
    }
}

TEST_F(HooksTest, LargeFillIsReportedInChunks) {
    const Accesses accesses = recorder.record([&] { __tsan_memset(memory, 3, 600); });

    EXPECT_EQ(accesses, (Accesses{access(0, 512, kWrite), access(512, 88, kWrite)}));
    EXPECT_EQ(memory[599], 3);
    EXPECT_EQ(memory[600], 0);
}

TEST_F(HooksTest, AtomicsCarryTheirOrder) {
    const Accesses accesses = recorder.record([&] {
        __tsan_atomic32_load(words, __ATOMIC_RELAXED);
        __tsan_atomic32_load(words, __ATOMIC_ACQUIRE);
        __tsan_atomic32_store(words, 1, __ATOMIC_RELEASE);
        __tsan_atomic32_fetch_add(words, 1, __ATOMIC_RELAXED);
        __tsan_atomic32_fetch_add(words, 1, __ATOMIC_SEQ_CST);
    });

    const int update = kRead | kWrite | kAtomic;
    EXPECT_EQ(accesses, (Accesses{access(0, 4, kRead | kMarked), access(0, 4, kRead | kMarked | kAcquireOrder),
                                  access(0, 4, kWrite | kMarked | kReleaseOrder), access(0, 4, update),
                                  access(0, 4, update | kAcquireOrder | kReleaseOrder)}));
    EXPECT_EQ(words[0], 3u);
}

TEST_F(HooksTest, FailedCompareExchangeIsARead) {
    words[0] = 5;
    uint32_t expected = 4;
    int result = -1;

    const Accesses accesses = recorder.record([&] {
        result = __tsan_atomic32_compare_exchange_strong(words, &expected, 9, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED);
    });

    EXPECT_EQ(result, 0);
    EXPECT_EQ(expected, 5u);
    EXPECT_EQ(words[0], 5u);
    EXPECT_EQ(accesses, (Accesses{access(0, 4, kRead | kAtomic | kFailedCompare)}));
}

TEST_F(HooksTest, SuccessfulCompareExchangeIsAReadAndAWrite) {
    uint64_t found = 1;

    const Accesses accesses = recorder.record([&] {
        found = __tsan_atomic64_compare_exchange_val(reinterpret_cast<uint64_t*>(memory), 0, 9, __ATOMIC_ACQUIRE,
                                                     __ATOMIC_RELAXED);
    });

    EXPECT_EQ(found, 0u);
    EXPECT_EQ(memory[0], 9);
    EXPECT_EQ(accesses, (Accesses{access(0, 8, kRead | kWrite | kAtomic | kAcquireOrder)}));
}

TEST_F(HooksTest, NandWorksOnTheWidthOfItsType) {
    memory[0] = 0xf0;

    recorder.record([&] { __tsan_atomic8_fetch_nand(memory, 0x30, __ATOMIC_RELAXED); });

    EXPECT_EQ(memory[0], 0xcf);
    EXPECT_EQ(memory[1], 0);
}

TEST_F(HooksTest, AccessesInsideDataRaceAreIntended) {
    const Accesses accesses = recorder.record([&] {
        kcsan_disable_current();
        __tsan_read4(memory);
        kcsan_enable_current();
        __tsan_read4(memory);
    });

    EXPECT_EQ(accesses, (Accesses{access(0, 4, kRead | kIgnoreRace), access(0, 4, kRead)}));
}

}  // namespace
}  // namespace kloom
