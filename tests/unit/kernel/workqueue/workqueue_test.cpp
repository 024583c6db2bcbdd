#include "kernel/workqueue/workqueue.hpp"

#include <gtest/gtest.h>

#include <climits>

#include "explore/bounded.hpp"
#include "unit/kernel/sync/kernel_program.hpp"

#include <linux/workqueue.h>

namespace kloom::tests {
namespace {

using explore::BoundedSearch;

work_struct g_work;
delayed_work g_delayed;
bool g_is_running;
int g_runs;

void run_for_a_while() {
    EXPECT_FALSE(g_is_running) << "the work runs twice at once";
    g_is_running = true;
    machine::machine().step_object(trace::OperationKind::Sync, &g_runs, 0);
    ++g_runs;
    machine::machine().step_object(trace::OperationKind::Sync, &g_runs, 0);
    g_is_running = false;
}

struct WorkProgram : KernelProgram {
    WorkProgram() {
        share(g_work);
        share(g_delayed);
        setup = [] {
            g_is_running = false;
            g_runs = 0;
            INIT_WORK(&g_work, [](work_struct*) { run_for_a_while(); });
            INIT_DELAYED_WORK(&g_delayed, [](work_struct*) {
                run_for_a_while();
                queue_delayed_work(system_wq, &g_delayed, 1);
            });
        };
    }
    void expect_no_interleaving_stuck(int bound) {
        BoundedSearch search(bound);
        const Count count = explore(search);
        EXPECT_GT(count.executions, 10u);
        EXPECT_EQ(count.stuck, 0u);
    }
};

// Both CPUs queue the work: once or twice it runs, never twice at once.
TEST(WorkQueues, WorkNeverRunsTwiceAtOnce) {
    WorkProgram program;
    program.threads = {[] { queue_work_on(0, system_wq, &g_work); }, [] { queue_work_on(1, system_wq, &g_work); }};
    program.finish = [] {
        flush_work(&g_work);
        EXPECT_TRUE(g_runs == 1 || g_runs == 2);
    };

    program.expect_no_interleaving_stuck(1);
}

TEST(WorkQueues, FlushWorkWaitsForTheLastQueuing) {
    WorkProgram program;
    program.threads = {[] {
        const int before = g_runs;
        EXPECT_TRUE(queue_work(system_unbound_wq, &g_work));
        flush_work(&g_work);
        EXPECT_EQ(g_runs, before + 1);
    }};

    program.expect_no_interleaving_stuck(2);
}

TEST(WorkQueues, CancelWorkSyncLeavesNothingRunning) {
    WorkProgram program;
    program.threads = {[] { queue_work_on(1, system_wq, &g_work); },
                       [] {
                           const bool was_pending = cancel_work_sync(&g_work);
                           EXPECT_FALSE(g_is_running && !was_pending);
                       }};
    program.finish = [] { flush_work(&g_work); };

    program.expect_no_interleaving_stuck(1);
}

TEST(WorkQueues, CancelDelayedWorkSyncStopsWorkThatQueuesItself) {
    WorkProgram program;
    program.threads = {[] {
        queue_delayed_work(system_wq, &g_delayed, 1);
        machine::machine().sleep_until(machine::machine().now() + 20'000'000, "test", nullptr);
        cancel_delayed_work_sync(&g_delayed);
        EXPECT_FALSE(g_is_running);
        EXPECT_FALSE(delayed_work_pending(&g_delayed));
        EXPECT_GT(g_runs, 0);
    }};

    program.expect_no_interleaving_stuck(1);
}

// With one active item allowed, the second waits for the first although another worker were free.
TEST(WorkQueues, MaxActiveLimitsAnUnboundQueue) {
    WorkProgram program;
    static work_struct second;
    program.share(second);
    program.threads = {[] {
        workqueue_struct* queue = alloc_workqueue("test", WQ_UNBOUND, 1);
        INIT_WORK(&second, [](work_struct*) { run_for_a_while(); });
        queue_work(queue, &g_work);
        queue_work(queue, &second);
        destroy_workqueue(queue);
        EXPECT_EQ(g_runs, 2);
    }};

    program.expect_no_interleaving_stuck(1);
}

}  // namespace
}  // namespace kloom::tests
