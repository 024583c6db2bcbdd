// Static variables: initial values, constructors, arrays, several translation units, first use by many threads.
#include "percpu/variable.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "unit/percpu/variable_elsewhere.hpp"
#include "unit/percpu/without_rseq.hpp"

namespace percpu {

constinit variable<int> defined_here;
constinit variable<long> started_at_seven = 7;

namespace {

constinit variable<int[3]> array = {1, 2, 3};
struct Settings {
    int limit;
    double factor;
};
constinit variable<Settings> settings = {4, 0.5};
constinit variable<Settings> copied = Settings{5, 0.25};

// Runs before the constructors of other translation units or after; both must work.
const int counted_early = [] {
    defined_here.inc();
    elsewhere.inc();
    return 1;
}();

TEST(StaticVariable, IsUsableByConstructorsOfOtherTranslationUnits) {
    EXPECT_EQ(counted_early, 1);
    EXPECT_EQ(defined_here.sum(), 1 + 1);  // and by variable_elsewhere.cpp
    EXPECT_EQ(elsewhere.sum(), 1 + 1);
}

TEST(StaticVariable, StartsWithItsValueOnEveryCpu) {
    for (int cpu = -1; cpu < possible_cpus(); ++cpu) {
        EXPECT_EQ(started_at_seven.read_on(cpu), 7);
        EXPECT_EQ(array[2].read_on(cpu), 3);
        EXPECT_EQ(settings.on(cpu)->factor, 0.5);
        EXPECT_EQ(copied.on(cpu)->limit, 5);
    }
}

TEST(StaticVariable, MayBeInlineAndATemplatesMember) {
    in_a_header.inc();
    count_in_a_header_elsewhere();
    Holder<int>::count.inc();
    count_in_a_template_elsewhere();

    EXPECT_EQ(in_a_header.sum(), 2);
    EXPECT_EQ(Holder<int>::count.sum(), 2);
}

struct Counted {
    Counted() { ++made; }
    explicit Counted(int start) : value(start) { ++made; }
    Counted(const Counted& other) : value(other.value) { ++made; }
    ~Counted() { --made; }
    int value = 40;
    std::string text = "a text that is longer than a small string";
    static inline std::atomic<int> made{0};
};

TEST(StaticVariable, ConstructsEveryCopyOnce) {
    static constinit variable<Counted> counted;
    static constinit variable<Counted> made_by_a_function([] { return Counted(3); });
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i) {
        threads.emplace_back([] {
            counted.prepare();
            made_by_a_function.prepare();
        });
    }
    for (std::thread& thread : threads) thread.join();

    EXPECT_EQ(Counted::made, 2 * (possible_cpus() + 1));
    counted.for_each([](int, Counted& copy) { EXPECT_EQ(copy.value, 40); });
    made_by_a_function.for_each([](int, Counted& copy) { EXPECT_EQ(copy.value, 3); });
}

TEST(Owned, ConstructsAndDestroysEveryCopy) {
    const int before = Counted::made;
    {
        const owned<Counted> x = allocate<Counted>(Counted(9));
        EXPECT_EQ(Counted::made - before, possible_cpus() + 1);
        EXPECT_EQ(x.on(0)->value, 9);
    }
    EXPECT_EQ(Counted::made, before);
}

TEST(Owned, ConstructsAndDestroysTheElementsOfArrays) {
    const int before = Counted::made;
    {
        const owned<Counted[3]> x = allocate<Counted[3]>();
        EXPECT_EQ(Counted::made - before, 3 * (possible_cpus() + 1));
        EXPECT_EQ((*x.on(0))[2].value, 40);
    }
    EXPECT_EQ(Counted::made, before);
}

TEST(Owned, MovesAndReleases) {
    owned<int> a = allocate<int>(3);
    owned<int> b = std::move(a);
    EXPECT_FALSE(a);
    ASSERT_TRUE(b);
    EXPECT_EQ(b.read(), 3);
    const pointer<int> plain = b.release();
    EXPECT_FALSE(b);
    EXPECT_EQ(plain.read(), 3);
    deallocate(plain);
}

TEST(StaticVariable, IsTheSameForThreadsWithAndWithoutRseq) {
    static constinit variable<int> mixed;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([i] {
            if (i % 2 == 0) give_up_rseq();
            for (int k = 0; k < 100000; ++k) mixed.inc();
        });
    }
    for (std::thread& thread : threads) thread.join();

    EXPECT_EQ(mixed.sum(), 400000);
}

}  // namespace
}  // namespace percpu
