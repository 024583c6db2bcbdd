// What each operation does to one copy, by size and sign, for threads with and without rseq: one model for both.
#include "percpu/operations.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <thread>

#include "percpu/allocate.hpp"
#include "unit/percpu/without_rseq.hpp"

namespace percpu {
namespace {

template <class T>
class Operations : public testing::Test {};

using Numbers = testing::Types<std::uint8_t, std::int8_t, std::uint16_t, std::int16_t, std::uint32_t, std::int32_t,
                               std::uint64_t, std::int64_t>;
TYPED_TEST_SUITE(Operations, Numbers);

// A thread pinned to nothing may migrate between two operations, so each test works on one that stays.
template <class Function>
void on_one_cpu(Function function) {
    std::thread([&] {
        pin_to(first_allowed_cpu());
        function();
    }).join();
    std::thread([&] {
        give_up_rseq();
        function();
    }).join();
}

// Wrapping around, as the operations do.
template <class T>
T sum(T a, T b) {
    return static_cast<T>(static_cast<std::uint64_t>(a) + static_cast<std::uint64_t>(b));
}
template <class T>
T difference(T a, T b) {
    return static_cast<T>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}

TYPED_TEST(Operations, FollowTheModelOfPlainIntegers) {
    using T = TypeParam;
    on_one_cpu([] {
        const owned<T> x = allocate<T>();
        T model = 0;
        const T values[] = {0, 1, 3, 100, std::numeric_limits<T>::max(), std::numeric_limits<T>::min(), static_cast<T>(-1)};
        for (const T value : values) {
            x.write(value), model = value;
            ASSERT_EQ(x.read(), model);
            x.add(value), model = sum<T>(model, value);
            ASSERT_EQ(x.read(), model);
            x.add(T{100}), model = sum<T>(model, T{100});
            ASSERT_EQ(x.read(), model);
            x.sub(T{7}), model = difference<T>(model, T{7});
            ASSERT_EQ(x.read(), model);
            x.sub(value), model = difference<T>(model, value);
            ASSERT_EQ(x.read(), model);
            x.inc(), model = sum<T>(model, T{1});
            x.dec(), model = difference<T>(model, T{1});
            x.inc(), model = sum<T>(model, T{1});
            ASSERT_EQ(x.read(), model);
            x.bit_or(T{0x55}), model = static_cast<T>(model | 0x55);
            ASSERT_EQ(x.read(), model);
            x.bit_and(T{0x3c}), model = static_cast<T>(model & 0x3c);
            ASSERT_EQ(x.read(), model);
            x.bit_xor(value), model = static_cast<T>(model ^ value);
            ASSERT_EQ(x.read(), model);
            model = sum<T>(model, value);
            ASSERT_EQ(x.add_return(value), model);
            model = difference<T>(model, value);
            ASSERT_EQ(x.sub_return(value), model);
            ASSERT_EQ(x.exchange(value), model);
            T expected = value;
            ASSERT_TRUE(x.compare_exchange(expected, T{77}));
            expected = T{76};
            ASSERT_FALSE(x.compare_exchange(expected, T{1}));
            ASSERT_EQ(expected, T{77});
            ASSERT_EQ(x.read(), T{77});
        }
    });
}

TYPED_TEST(Operations, LeaveTheNeighboursAlone) {
    using T = TypeParam;
    on_one_cpu([] {
        const owned<T[8]> x = allocate<T[8]>();
        x[3].write(static_cast<T>(-1));  // the carry must not leave it
        x[3].inc();
        x[3].add_return(T{100});
        x[3].exchange(T{50});
        T expected = T{50};
        x[3].compare_exchange(expected, static_cast<T>(0x7f));

        for (int i = 0; i < 8; ++i) EXPECT_EQ(x[i].read(), i == 3 ? T{0x7f} : T{0}) << i;
    });
}

TEST(Pairs, AreExchangedTogether) {
    struct alignas(16) Pair {
        std::uint64_t low, high;
    };
    on_one_cpu([] {
        const owned<Pair> x = allocate<Pair>();
        Pair expected = {0, 0};
        ASSERT_TRUE(x.compare_exchange(expected, Pair{1, 2}));
        expected = {1, 3};
        ASSERT_FALSE(x.compare_exchange(expected, Pair{4, 5}));
        EXPECT_EQ(expected.low, 1u);
        EXPECT_EQ(expected.high, 2u);
    });
}

TEST(Words, NeedNotBeNumbers) {
    on_one_cpu([] {
        const owned<double> x = allocate<double>();
        x.write(1.5);
        EXPECT_EQ(x.exchange(2.5), 1.5);
        const owned<const char*> text = allocate<const char*>();
        text.write("one");
        EXPECT_STREQ(text.read(), "one");
    });
}

TEST(Copies, OfAThreadAreThoseOfItsCpu) {
    const owned<int> x = allocate<int>();
    for (const int cpu : allowed_cpus()) {
        std::thread([&] {
            pin_to(cpu);
            x.add(10 + cpu);
        }).join();
    }
    std::thread([&] {
        give_up_rseq();
        x.add(5);
    }).join();

    int sum = 5;
    for (const int cpu : allowed_cpus()) {
        if (status().active) {
            EXPECT_EQ(x.read_on(cpu), 10 + cpu);
        }
        sum += 10 + cpu;
    }
    EXPECT_EQ(x.sum(), sum);
    if (status().active) {
        EXPECT_EQ(x.read_on(-1), 5);
    }
}

TEST(Members, AreVariablesOfTheirOwn) {
    struct Errors {
        std::uint32_t timeouts;
        std::uint16_t resets[3];
    };
    const owned<Errors> errors = allocate<Errors>();
    errors.member(&Errors::timeouts).add(3);
    errors.member(&Errors::resets)[2].inc();

    EXPECT_EQ(errors.member(&Errors::timeouts).sum(), 3u);
    EXPECT_EQ(errors.member(&Errors::resets)[2].sum(), 1u);
    EXPECT_EQ(errors.member(&Errors::resets)[1].sum(), 0u);
}

TEST(PointerDeathTest, AHandleCannotBeFollowed) {
    const owned<int> x = allocate<int>();
    EXPECT_DEATH(*static_cast<volatile int*>(x.get().address()) = 1, "");
}

}  // namespace
}  // namespace percpu
