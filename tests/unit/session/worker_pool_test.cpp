// Worker processes that run parts and die, without a program.
#include "session/worker_pool.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <map>

namespace kloom::session {
namespace {

constexpr int kWaitMilliseconds = 10'000;
constexpr uint32_t kDeadly = 666;

// Says which part it was given; the part kDeadly kills the worker.
PartResult echo(const explore::Part& part) {
    if (part.front() == kDeadly) _exit(1);
    PartResult result;
    result.records.push_back({.steps = part.front(), .events = 2, .end = trace::ExecutionEnd::Cut, .has_news = true});
    result.schedules.push_back({{.position = part.front(),
                                 .choice = {trace::ChoiceKind::Interrupt, trace::CpuId(1), 19},
                                 .cost = 1}});
    result.rest = {{part.front() + 1}, {part.front() + 2, 3}};
    result.leaves_something_out = true;
    return result;
}

bool has_children() { return waitpid(-1, nullptr, WNOHANG) >= 0 || errno != ECHILD; }

TEST(WorkerPool, ResultsArriveAsTheyWereSent) {
    WorkerPool pool(1, echo);
    pool.start(5, {42});
    EXPECT_FALSE(pool.has_idle());

    const auto done = pool.wait(kWaitMilliseconds);

    ASSERT_EQ(done.size(), 1u);
    EXPECT_EQ(done[0].ticket, 5u);
    const PartResult expected = echo({42});
    const PartResult& got = *done[0].result;
    ASSERT_EQ(got.records.size(), 1u);
    EXPECT_EQ(got.records[0].steps, 42u);
    EXPECT_EQ(got.records[0].events, 2u);
    EXPECT_EQ(got.records[0].end, trace::ExecutionEnd::Cut);
    EXPECT_TRUE(got.records[0].has_news);
    EXPECT_EQ(got.schedules, expected.schedules);
    EXPECT_EQ(got.rest, expected.rest);
    EXPECT_TRUE(got.leaves_something_out);
    EXPECT_FALSE(got.has_diverged);
    EXPECT_TRUE(pool.has_idle());
}

TEST(WorkerPool, EachPartIsRunOnceByOneOfTheWorkers) {
    constexpr size_t kParts = 50;
    WorkerPool pool(3, echo);
    std::map<size_t, uint32_t> results;
    for (size_t next = 0; results.size() < kParts;) {
        for (; next < kParts && pool.has_idle(); ++next)
            pool.start(next, {static_cast<uint32_t>(next)});
        for (const WorkerPool::Done& done : pool.wait(kWaitMilliseconds))
            EXPECT_TRUE(results.emplace(done.ticket, done.result->records[0].steps).second);
    }
    for (const auto& [ticket, steps] : results) EXPECT_EQ(ticket, steps);
}

TEST(WorkerPool, APartThatKillsItsWorkerHasNoResult) {
    WorkerPool pool(2, echo);
    pool.start(1, {kDeadly});
    pool.start(2, {7});
    std::map<size_t, bool> has_result;
    while (has_result.size() < 2)
        for (const WorkerPool::Done& done : pool.wait(kWaitMilliseconds))
            has_result[done.ticket] = done.result.has_value();

    EXPECT_EQ(has_result, (std::map<size_t, bool>{{1, false}, {2, true}}));
    EXPECT_TRUE(pool.has_workers());
    pool.start(3, {kDeadly});
    EXPECT_FALSE(pool.wait(kWaitMilliseconds)[0].result.has_value());
    EXPECT_FALSE(pool.has_workers());
    EXPECT_FALSE(pool.has_idle());
}

TEST(WorkerPool, NothingIsLeftOfIt) {
    {
        WorkerPool pool(2, [](const explore::Part&) -> PartResult {
            for (;;) pause();
        });
        pool.start(0, {1});
        EXPECT_TRUE(has_children());
    }
    EXPECT_FALSE(has_children());
}

}  // namespace
}  // namespace kloom::session
