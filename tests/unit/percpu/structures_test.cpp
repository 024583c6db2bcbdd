// What is built on top: counter, refcount, rwlock, freelist, cache, histogram.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <thread>
#include <vector>

#include "percpu/cache.hpp"
#include "percpu/counter.hpp"
#include "percpu/freelist.hpp"
#include "percpu/histogram.hpp"
#include "percpu/refcount.hpp"
#include "percpu/rwlock.hpp"
#include "unit/percpu/without_rseq.hpp"

namespace percpu {
namespace {

// Each fourth has no rseq.
template <class Function>
void on_threads(int threads, Function function) {
    std::vector<std::thread> all;
    for (int i = 0; i < threads; ++i) {
        all.emplace_back([=] {
            if (i % 4 == 3) give_up_rseq();
            function(i);
        });
    }
    for (std::thread& thread : all) thread.join();
}

// ---- counter -------------------------------------------------------------------------------------------------------

constinit counter counted_statically(100);

TEST(Counter, IsExactWhenNobodyAdds) {
    on_threads(4, [](int i) {
        for (int k = 0; k < 100000; ++k) counted_statically.add(i % 2 == 0 ? 3 : -1);
    });
    EXPECT_EQ(counted_statically.sum(), 2 * 300000 - 2 * 100000);
    EXPECT_LE(std::abs(counted_statically.approximate() - counted_statically.sum()), counted_statically.error_bound());
}

TEST(Counter, IsWithinItsBoundMeanwhile) {
    counter hits(10);
    std::atomic<std::int64_t> begun{0}, done{0};
    on_threads(3, [&](int i) {
        for (int k = 0; k < 50000; ++k) {
            if (i == 0) {
                const std::int64_t low = done;
                const std::int64_t read = hits.approximate();
                const std::int64_t high = begun;
                ASSERT_GE(read, low - hits.error_bound());
                ASSERT_LE(read, high + hits.error_bound());
            } else {
                ++begun;
                hits.inc();
                ++done;
            }
        }
    });
    EXPECT_EQ(hits.sum(), 100000);
}

// ---- refcount ------------------------------------------------------------------------------------------------------

TEST(Refcount, EndsOnceWhenTheLastOneIsPut) {
    for (int round = 0; round < 50; ++round) {
        refcount references;
        std::atomic<int> ended{0}, ready{0};
        std::atomic<bool> alive{true};
        for (int i = 0; i < 4; ++i) references.get();  // one for each thread
        std::thread killer([&] {
            while (ready != 4) std::this_thread::yield();
            if (references.kill()) alive = false, ++ended;
        });
        on_threads(4, [&](int) {
            ++ready;
            for (int k = 0; k < 2000; ++k) {
                ASSERT_TRUE(alive);
                references.get();
                ASSERT_FALSE(references.put());
            }
            if (references.put()) alive = false, ++ended;
        });
        killer.join();
        ASSERT_EQ(ended, 1);
        ASSERT_EQ(references.count(), 0u);
        ASSERT_FALSE(references.try_get());
    }
}

TEST(Refcount, IsExactAfterKill) {
    refcount references;
    for (int i = 0; i < 5; ++i) references.get();
    EXPECT_EQ(references.count(), 6u);
    EXPECT_FALSE(references.kill());
    EXPECT_EQ(references.count(), 5u);
    EXPECT_TRUE(references.try_get());
    for (int i = 0; i < 5; ++i) EXPECT_FALSE(references.put());
    EXPECT_TRUE(references.put());
}

TEST(RefcountDeathTest, IsKilledOnce) {
    EXPECT_DEATH(
        {
            refcount references;
            references.get();
            const bool first = references.kill();
            const bool second = references.kill();
            std::_Exit(first + second);
        },
        "percpu: a reference count was killed twice");
}

// ---- rwlock --------------------------------------------------------------------------------------------------------

TEST(Rwlock, KeepsReadersAndWritersApart) {
    rwlock lock;
    int one = 0, other = 0;  // equal whenever nobody writes
    std::atomic<int> reads{0};
    on_threads(5, [&](int i) {
        const std::vector<int> cpus = allowed_cpus();
        for (int round = 0; round < 3000; ++round) {
            if (i == 0 || (i == 3 && round % 8 == 0)) {
                const std::unique_lock hold(lock);
                ++one;
                std::this_thread::yield();
                ++other;
            } else {
                const std::shared_lock hold(lock);
                ASSERT_EQ(one, other);
                if (round % 500 == 0) pin_to(cpus[static_cast<std::size_t>(round / 500 + i) % cpus.size()]);
                ++reads;
            }
        }
    });
    EXPECT_EQ(one, 3000 + 375);
    EXPECT_EQ(other, one);
    EXPECT_EQ(reads, 3 * 3000 + 3000 - 375);
}

TEST(Rwlock, TryFormsDoNotWait) {
    rwlock lock;
    lock.lock_shared();
    EXPECT_TRUE(lock.try_lock_shared());
    EXPECT_FALSE(lock.try_lock());
    lock.unlock_shared();
    lock.unlock_shared();
    ASSERT_TRUE(lock.try_lock());
    EXPECT_FALSE(lock.try_lock_shared());
    EXPECT_FALSE(lock.try_lock());
    lock.unlock();
    EXPECT_TRUE(lock.try_lock_shared());
    lock.unlock_shared();
}

// ---- freelist and cache --------------------------------------------------------------------------------------------

struct Object {
    void* link;
    std::atomic<int> owner{0};
};

TEST(Freelist, GivesEachObjectToOneAtATime) {
    std::vector<Object> objects(64);
    freelist<Object> list;
    for (Object& object : objects) list.push(&object);
    on_threads(4, [&](int i) {
        const std::vector<int> cpus = allowed_cpus();
        for (int round = 0; round < 60000; ++round) {
            if (round % 1000 == 0) pin_to(cpus[static_cast<std::size_t>(round / 1000 + i) % cpus.size()]);
            Object* const mine = list.pop();
            if (mine == nullptr) continue;
            ASSERT_EQ(mine->owner.exchange(1), 0);
            mine->owner = 0;
            list.push(mine);
        }
    });
    std::set<Object*> found;
    list.drain([&](Object* object) { EXPECT_TRUE(found.insert(object).second); });
    EXPECT_EQ(found.size(), objects.size());
    EXPECT_EQ(list.pop(), nullptr);
}

struct Tracked {
    explicit Tracked(int start) : value(start) { ++alive; }
    ~Tracked() { --alive; }
    int value;
    std::uint64_t room[5] = {};
    static inline std::atomic<int> alive{0};
};

TEST(Cache, ConstructsAndDestroysOnEveryCpu) {
    cache<Tracked, 7> tracked;
    on_threads(4, [&](int i) {
        std::vector<Tracked*> mine;
        for (int round = 0; round < 3000; ++round) {
            for (int k = 0; k < 12; ++k) mine.push_back(tracked.make(i * 1000 + k));
            std::set<Tracked*> distinct(mine.begin(), mine.end());
            ASSERT_EQ(distinct.size(), 12u);
            for (int k = 0; k < 12; ++k) ASSERT_EQ(mine[static_cast<std::size_t>(k)]->value, i * 1000 + k);
            for (Tracked* object : mine) tracked.destroy(object);
            mine.clear();
        }
    });
    EXPECT_EQ(Tracked::alive, 0);
    tracked.destroy(nullptr);
}

// ---- histogram -----------------------------------------------------------------------------------------------------

TEST(Histogram, BucketsFollowEachOtherAndHoldWhatTheySay) {
    using Histogram = histogram<3>;
    std::uint64_t next = 0;
    for (std::size_t bucket = 0; bucket < Histogram::kBuckets; ++bucket) {
        ASSERT_EQ(Histogram::lowest_in(bucket), next) << bucket;
        ASSERT_EQ(Histogram::bucket_of(Histogram::lowest_in(bucket)), bucket);
        ASSERT_EQ(Histogram::bucket_of(Histogram::highest_in(bucket)), bucket);
        next = Histogram::highest_in(bucket) + 1;
    }
    EXPECT_EQ(next, 0u);  // past the largest number
}

TEST(Histogram, CountsAndFindsQuantiles) {
    histogram latencies;
    on_threads(4, [&](int) {
        for (std::uint64_t value = 1; value <= 1000; ++value) latencies.record(value);
    });
    EXPECT_EQ(latencies.count(), 4000u);
    EXPECT_NEAR(static_cast<double>(latencies.quantile(0.5)), 500, 500 / 8.0);
    EXPECT_NEAR(static_cast<double>(latencies.quantile(0.99)), 990, 990 / 8.0);
    EXPECT_GE(latencies.quantile(1), 1000u);
    EXPECT_EQ(latencies.quantile(0), 1u);
    EXPECT_EQ(histogram().quantile(0.5), 0u);
}

}  // namespace
}  // namespace percpu
