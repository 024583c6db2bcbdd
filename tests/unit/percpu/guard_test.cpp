// Critical sections: exclusion, nesting, migration under a guard, waiting in the kernel, signal handlers, exclusive access.
#include "percpu/guard.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <atomic>
#include <csignal>
#include <thread>
#include <vector>

#include "percpu/allocate.hpp"
#include "percpu/variable.hpp"
#include "unit/percpu/without_rseq.hpp"

namespace percpu {
namespace {

struct Pair {
    std::uint64_t one;
    std::uint64_t other;
};
constinit variable<Pair> pairs;
constinit variable<int> counter;

std::uint64_t sum_of_ones() {
    std::uint64_t sum = 0;
    pairs.for_each([&](int, Pair& pair) {
        EXPECT_EQ(pair.one, pair.other);
        sum += pair.one;
    });
    return sum;
}

// Preempted holders, migrations and threads without rseq come by themselves with more threads than CPUs.
TEST(Guard, LosesNoUpdateOfSeveralThreads) {
    constexpr int kThreads = 6, kRounds = 60000;
    const std::uint64_t before = sum_of_ones();
    std::vector<std::thread> threads;
    for (int i = 0; i < kThreads; ++i) {
        threads.emplace_back([i] {
            if (i % 3 == 2) give_up_rseq();
            const std::vector<int> cpus = allowed_cpus();
            for (int round = 0; round < kRounds; ++round) {
                const guard mine(pairs);
                const std::uint64_t seen = mine->one;
                ASSERT_EQ(seen, mine->other);
                if (round % 1000 == 0) pin_to(cpus[static_cast<std::size_t>(round / 1000 + i) % cpus.size()]);
                mine->one = seen + 1;
                mine->other = seen + 1;
            }
        });
    }
    for (std::thread& thread : threads) thread.join();

    EXPECT_EQ(sum_of_ones() - before, std::uint64_t{kThreads} * kRounds);
}

TEST(Guard, KeepsItsCpuWhenTheThreadMigratesAndNests) {
    std::thread([] {
        pin_to(allowed_cpus().front());
        const cpu_guard outer;
        const int cpu = outer.cpu();
        pin_to(allowed_cpus().back());
        {
            const cpu_guard inner;
            EXPECT_EQ(inner.cpu(), cpu);
            EXPECT_EQ(&inner[counter], counter.on(cpu));
        }
        EXPECT_EQ(&outer[counter], counter.on(cpu));
    }).join();
}

TEST(Guard, InTheTryFormFailsWhileAnotherThreadHolds) {
    std::atomic<int> stage{0};
    std::thread holder([&] {
        pin_to(first_allowed_cpu());
        const cpu_guard held;
        stage = 1;
        while (stage != 2) std::this_thread::yield();
    });
    std::thread([&] {
        pin_to(first_allowed_cpu());
        while (stage != 1) std::this_thread::yield();
        const guard refused(counter, try_to_lock);
        EXPECT_FALSE(refused);
        stage = 2;
        holder.join();
        const guard granted(counter, try_to_lock);
        EXPECT_TRUE(granted);
    }).join();
}

double cpu_seconds() {
    rusage usage;
    getrusage(RUSAGE_THREAD, &usage);
    return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           1e-6 * static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

TEST(Guard, WaitersSleep) {
    std::atomic<int> stage{0};
    std::thread holder([&] {
        pin_to(first_allowed_cpu());
        const cpu_guard held;
        stage = 1;
        usleep(300000);  // what is tested is how long the other one works meanwhile
    });
    std::thread([&] {
        pin_to(first_allowed_cpu());
        while (stage != 1) std::this_thread::yield();
        const double before = cpu_seconds();
        const cpu_guard waited;
        EXPECT_LT(cpu_seconds() - before, 0.1);
    }).join();
    holder.join();
}

void count_under_a_guard(int) {
    const guard mine(counter);
    ++*mine;
}

TEST(Guard, NestsInASignalHandlerThatInterruptsItsOwn) {
    const int before = counter.sum();
    signal(SIGUSR1, count_under_a_guard);
    {
        const guard mine(counter);
        raise(SIGUSR1);
        ++*mine;
    }
    EXPECT_EQ(counter.sum() - before, 2);
}

// Signals at any instruction of taking and releasing: every handler's count is there and nobody hangs.
TEST(Guard, IsInterruptedAnywhere) {
    static constinit variable<int> handled, worked;
    handled.prepare(), worked.prepare();
    signal(SIGUSR1, [](int) {
        const guard mine(handled);
        ++*mine;
    });
    constexpr int kInterruptions = 1000;
    std::atomic<bool> enough{false};
    int rounds = 0;
    std::thread worker([&] {
        pin_to(first_allowed_cpu());
        for (; !enough; ++rounds) {
            const guard mine(worked);
            ++*mine;
        }
    });
    int sent = 0;
    while (handled.sum() < kInterruptions) sent += pthread_kill(worker.native_handle(), SIGUSR1) == 0;
    enough = true;
    worker.join();
    EXPECT_EQ(worked.sum(), rounds);
    EXPECT_LE(handled.sum(), sent);
}

TEST(Exclusive, ExcludesGuardsOnAllCpus) {
    if (!exclusive::is_supported()) GTEST_SKIP() << "the kernel has no membarrier with rseq";
    std::atomic<bool> stop{false};
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&, i] {
            if (i == 3) give_up_rseq();
            while (!stop) {
                const guard mine(pairs);
                ++mine->one;
                ++mine->other;
            }
        });
    }
    for (int round = 0; round < 300; ++round) {
        const exclusive all;
        for (int cpu = -1; cpu < possible_cpus(); ++cpu) {
            Pair& pair = all.on(cpu, pairs);
            ASSERT_EQ(pair.one, pair.other);
            pair.one = 0;
            std::this_thread::yield();
            ASSERT_EQ(pair.one, 0u);
            pair.other = 0;
        }
    }
    {
        const exclusive one(first_allowed_cpu());
        one.on(first_allowed_cpu(), pairs) = {5, 5};
    }
    stop = true;
    for (std::thread& thread : threads) thread.join();
    sum_of_ones();
}

TEST(ExclusiveDeathTest, UnderAGuardIsRefused) {
    if (!exclusive::is_supported()) GTEST_SKIP() << "the kernel has no membarrier with rseq";
    EXPECT_DEATH(
        {
            const cpu_guard held;
            const exclusive all;
        },
        "percpu: exclusive access asked for under a guard");
}

}  // namespace
}  // namespace percpu
