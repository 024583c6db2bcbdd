// FIFOs of elements and of records.
#include <gtest/gtest.h>

#include <cstring>
#include <deque>
#include <string>

#include "base/prng.hpp"

#include <linux/kfifo.h>

namespace {

TEST(Kfifo, KeepsTheOrderAroundTheEndOfItsMemory) {
    kloom::base::Prng random(8);
    STRUCT_KFIFO(int, 8) fifo;
    INIT_KFIFO(fifo);
    std::deque<int> expected;
    for (int round = 0; round < 1000; ++round) {
        if (random.below(2) != 0) {
            const bool has_room = expected.size() < 8;
            ASSERT_EQ(kfifo_put(&fifo, round), static_cast<unsigned>(has_room));
            if (has_room) expected.push_back(round);
        } else {
            int value = -1;
            ASSERT_EQ(kfifo_get(&fifo, &value), static_cast<unsigned>(!expected.empty()));
            if (!expected.empty()) {
                ASSERT_EQ(value, expected.front());
                expected.pop_front();
            }
        }
        ASSERT_EQ(kfifo_len(&fifo), expected.size());
        ASSERT_EQ(kfifo_avail(&fifo), 8 - expected.size());
        ASSERT_EQ(kfifo_is_full(&fifo), expected.size() == 8);
        ASSERT_EQ(kfifo_is_empty(&fifo), expected.empty());
    }
}

TEST(Kfifo, MovesSeveralElementsAndTellsHowMany) {
    STRUCT_KFIFO(short, 4) fifo;
    INIT_KFIFO(fifo);
    const short in[] = {1, 2, 3, 4, 5, 6};
    short out[6] = {};

    EXPECT_EQ(kfifo_in(&fifo, in, 6), 4u);
    EXPECT_EQ(kfifo_out_peek(&fifo, out, 2), 2u);
    EXPECT_EQ(kfifo_len(&fifo), 4u);
    EXPECT_EQ(kfifo_out(&fifo, out, 6), 4u);
    EXPECT_EQ(out[3], 4);
}

TEST(Kfifo, PeekLeavesTheElement) {
    STRUCT_KFIFO(int, 4) fifo;
    INIT_KFIFO(fifo);
    int value = 0;
    kfifo_put(&fifo, 7);

    EXPECT_EQ(kfifo_peek(&fifo, &value), 1u);
    EXPECT_EQ(value, 7);
    EXPECT_EQ(kfifo_len(&fifo), 1u);
    kfifo_skip(&fifo);
    EXPECT_TRUE(kfifo_is_empty(&fifo));
}

TEST(Kfifo, RecordsGoInWholeOrNotAtAll) {
    STRUCT_KFIFO_REC_1(16) fifo;
    INIT_KFIFO(fifo);
    char out[16] = {};

    EXPECT_EQ(kfifo_in(&fifo, "hello", 5), 5u);
    EXPECT_EQ(kfifo_in(&fifo, "worlds!", 7), 7u);
    EXPECT_EQ(kfifo_in(&fifo, "toolong", 7), 0u);
    EXPECT_EQ(kfifo_peek_len(&fifo), 5u);
    EXPECT_EQ(kfifo_out(&fifo, out, sizeof out), 5u);
    EXPECT_EQ(std::string(out, 5), "hello");
    EXPECT_EQ(kfifo_out(&fifo, out, 3), 3u) << "the rest of a record is lost";
    EXPECT_TRUE(kfifo_is_empty(&fifo));
}

TEST(Kfifo, InitTakesTheCallersMemory) {
    char memory[10];
    struct kfifo fifo;

    EXPECT_EQ(kfifo_init(&fifo, memory, sizeof memory), 0);
    EXPECT_EQ(kfifo_size(&fifo), 8u);
    EXPECT_EQ(kfifo_in(&fifo, "abcdefghi", 9), 8u);
    EXPECT_EQ(std::string(memory, 8), "abcdefgh");
}

}  // namespace
