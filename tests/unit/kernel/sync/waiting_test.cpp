#include <gtest/gtest.h>

#include <set>

#include "explore/bounded.hpp"
#include "kernel_program.hpp"

#include <linux/completion.h>
#include <linux/sched/signal.h>
#include <linux/wait.h>
#include <linux/wait_bit.h>

namespace kloom::tests {
namespace {

using explore::BoundedSearch;

constexpr trace::VirtualTime kTick = trace::kNanosecondsPerSecond / 250;

wait_queue_head_t g_queue;
completion g_done;
int g_flag;

trace::VirtualTime now() {
    return machine::machine().now();
}

// A store or load that other threads see as an event.
void set_flag(int value) {
    machine::machine().step_object(trace::OperationKind::Access, &g_flag, 0);
    g_flag = value;
}
int flag() {
    machine::machine().step_object(trace::OperationKind::Access, &g_flag, 0);
    return g_flag;
}

struct WaitingProgram : KernelProgram {
    explicit WaitingProgram(int cpus = 2) : KernelProgram(cpus) {
        share(g_queue);
        share(g_done);
        share(g_flag);
        setup = [] {
            init_waitqueue_head(&g_queue);
            init_completion(&g_done);
            g_flag = 0;
        };
    }
    Count explore_bound(int bound) {
        BoundedSearch search(bound);
        return explore(search);
    }
};

// The waker may come before, between or after any of the waiter's steps: no interleaving loses the
// wake-up.
TEST(WaitEvent, NoWakeUpIsLost) {
    WaitingProgram program;
    int sleeps = 0;
    program.threads = {[&] {
                           wait_event(g_queue, flag() != 0);
                           ++sleeps;
                           EXPECT_EQ(g_flag, 1);
                       },
                       [] {
                           set_flag(1);
                           wake_up(&g_queue);
                       }};
    const auto count = program.explore_bound(3);
    EXPECT_EQ(count.stuck, 0u);
    EXPECT_GT(count.executions, 5u);
}

TEST(WaitEvent, WithoutAWakerItNeverReturns) {
    WaitingProgram program;
    program.threads = {[] { wait_event(g_queue, flag() != 0); }};
    EXPECT_EQ(program.explore_bound(0).stuck, 1u);
}

TEST(WaitEvent, AWakeUpWithoutTheConditionSleepsAgain) {
    WaitingProgram program;
    program.threads = {[] { wait_event(g_queue, flag() != 0); }, [] { wake_up(&g_queue); }};
    const auto count = program.explore_bound(1);
    EXPECT_EQ(count.stuck, count.executions);
}

TEST(WaitEvent, LeavesTheQueueEmptyAndTheTaskRunning) {
    WaitingProgram program;
    program.threads = {[] {
                           wait_event(g_queue, flag() != 0);
                           EXPECT_EQ(get_current()->__state, unsigned{TASK_RUNNING});
                       },
                       [] {
                           set_flag(1);
                           wake_up(&g_queue);
                       }};
    program.finish = [] { EXPECT_FALSE(waitqueue_active(&g_queue)); };
    program.explore_bound(2);
}

TEST(WaitEvent, ResultsAreThoseOfLinux) {
    struct Case {
        const char* name;
        long (*wait)();
        long expected;
    };
    const Case cases[] = {
        {"timeout with the condition false",
         [] { return wait_event_timeout(g_queue, g_flag == 1, 5); }, 0},
        {"timeout of 0 with the condition false",
         [] { return wait_event_timeout(g_queue, g_flag == 1, 0); }, 0},
        {"timeout with the condition true",
         [] { return wait_event_timeout(g_queue, g_flag == 0, 5); }, 5},
        {"timeout of 0 with the condition true",
         [] { return wait_event_timeout(g_queue, g_flag == 0, 0); }, 1},
        {"interruptible with the condition true",
         [] { return long{wait_event_interruptible(g_queue, g_flag == 0)}; }, 0},
        {"interruptible timeout",
         [] { return wait_event_interruptible_timeout(g_queue, g_flag == 1, 3); }, 0},
        {"hrtimeout", [] { return long{wait_event_hrtimeout(g_queue, g_flag == 1, 1000000)}; },
         -ETIME},
        {"hrtimeout with the condition true",
         [] { return long{wait_event_hrtimeout(g_queue, g_flag == 0, 1000)}; }, 0},
        {"completion timeout",
         [] { return static_cast<long>(wait_for_completion_timeout(&g_done, 7)); }, 0},
    };
    for (const Case& test : cases) {
        SCOPED_TRACE(test.name);
        WaitingProgram program;
        program.threads = {[&] { EXPECT_EQ(test.wait(), test.expected); }};
        EXPECT_EQ(program.explore_bound(0).stuck, 0u);
    }
}

TEST(WaitEvent, TimeoutTakesItsTicks) {
    WaitingProgram program;
    program.threads = {[] {
        const trace::VirtualTime before = now();
        wait_event_timeout(g_queue, g_flag == 1, 10);
        EXPECT_GE(now() - before, 9 * kTick);
        EXPECT_LE(now() - before, 11 * kTick);
    }};
    program.explore_bound(0);
}

TEST(WaitEvent, ASignalEndsAnInterruptibleWait) {
    struct Case {
        const char* name;
        long (*wait)();
    };
    const Case cases[] = {
        {"wait_event_interruptible",
         [] { return long{wait_event_interruptible(g_queue, flag() != 0)}; }},
        {"wait_event_interruptible_timeout",
         [] { return wait_event_interruptible_timeout(g_queue, flag() != 0, 100000); }},
        {"wait_for_completion_interruptible",
         [] { return long{wait_for_completion_interruptible(&g_done)}; }},
    };
    for (const Case& test : cases) {
        SCOPED_TRACE(test.name);
        task_struct* waiter = nullptr;
        WaitingProgram program;
        program.threads = {[&] {
                               allow_signal(10);
                               machine::machine().step_global(0);
                               waiter = get_current();
                               EXPECT_EQ(test.wait(), -ERESTARTSYS);
                           },
                           [&] {
                               KernelProgram::wait_until(
                                   [](const void* task) {
                                       return *static_cast<task_struct* const*>(task) != nullptr;
                                   },
                                   &waiter);
                               send_sig(10, waiter, 0);
                               waiter = nullptr;
                           }};
        EXPECT_EQ(program.explore_bound(1).stuck, 0u);
    }
}

// Three exclusive waiters: wake_up() lets one go, wake_up_nr(2) two, wake_up_all() all.
TEST(WakeUp, StopsAfterTheExclusiveWaitersThatWereWanted) {
    struct Case {
        const char* name;
        void (*wake)();
        int woken;
    };
    const Case cases[] = {
        {"wake_up", [] { wake_up(&g_queue); }, 1},
        {"wake_up_nr", [] { wake_up_nr(&g_queue, 2); }, 2},
        {"wake_up_all", [] { wake_up_all(&g_queue); }, 3},
    };
    for (const Case& test : cases) {
        SCOPED_TRACE(test.name);
        WaitingProgram program;
        int queued = 0;
        int woken = 0;
        program.setup = [&] {
            init_waitqueue_head(&g_queue);
            queued = woken = 0;
        };
        const auto wait = [&] {
            DEFINE_WAIT(entry);
            prepare_to_wait_exclusive(&g_queue, &entry, TASK_INTERRUPTIBLE);
            ++queued;
            schedule_timeout(1000);
            woken += list_empty(&entry.entry) ? 1 : 0;
            finish_wait(&g_queue, &entry);
        };
        program.threads = {wait, wait, wait, [&] {
                               KernelProgram::wait_until(
                                   [](const void* n) { return *static_cast<const int*>(n) == 3; },
                                   &queued);
                               test.wake();
                           }};
        program.finish = [&] { EXPECT_EQ(woken, test.woken); };
        EXPECT_EQ(program.explore_bound(0).stuck, 0u);
    }
}

TEST(WakeUp, OfUninterruptibleWaitersNeedsTheirState) {
    WaitingProgram program;
    bool was_woken = false;
    program.threads = {[&] {
                           DEFINE_WAIT(entry);
                           prepare_to_wait(&g_queue, &entry, TASK_UNINTERRUPTIBLE);
                           const trace::VirtualTime before = now();
                           schedule_timeout(5);
                           was_woken = now() - before < 4 * kTick;
                           finish_wait(&g_queue, &entry);
                       },
                       [] { wake_up_interruptible(&g_queue); }};
    program.finish = [&] { EXPECT_FALSE(was_woken); };
    program.explore_bound(1);
}

// The head's own lock is held around condition and wake-up, and let go while sleeping.
TEST(WaitEvent, LockedVariantsWorkUnderTheLockOfTheQueue) {
    WaitingProgram program;
    program.threads = {[] {
                           spin_lock(&g_queue.lock);
                           EXPECT_EQ(wait_event_interruptible_locked(g_queue, g_flag == 1), 0);
                           EXPECT_EQ(g_flag, 1);
                           spin_unlock(&g_queue.lock);
                       },
                       [] {
                           spin_lock(&g_queue.lock);
                           g_flag = 1;
                           wake_up_locked(&g_queue);
                           spin_unlock(&g_queue.lock);
                       }};
    const auto count = program.explore_bound(2);
    EXPECT_EQ(count.stuck, 0u);
    EXPECT_EQ(count.misuses, 0u);
}

TEST(WakeUp, UnderTheLockOfTheQueueBlocks) {
    WaitingProgram program;
    program.threads = {[] {
        spin_lock(&g_queue.lock);
        wake_up(&g_queue);
    }};
    EXPECT_EQ(program.explore_bound(0).stuck, 1u);
}

TEST(WaitWoken, ReturnsAtOnceWhenItWasWokenBefore) {
    WaitingProgram program;
    program.threads = {[] {
        DEFINE_WAIT_FUNC(entry, woken_wake_function);
        add_wait_queue(&g_queue, &entry);
        wake_up(&g_queue);
        EXPECT_EQ(wait_woken(&entry, TASK_INTERRUPTIBLE, 50), 50);
        EXPECT_EQ(wait_woken(&entry, TASK_INTERRUPTIBLE, 5), 0);
        remove_wait_queue(&g_queue, &entry);
    }};
    EXPECT_EQ(program.explore_bound(0).stuck, 0u);
}

TEST(WaitOnBit, ReturnsWhenTheBitIsCleared) {
    static unsigned long word;
    WaitingProgram program;
    program.share(word);
    program.setup = [] { word = 1; };
    program.threads = {[] { EXPECT_EQ(wait_on_bit(&word, 0, TASK_UNINTERRUPTIBLE), 0); },
                       [] {
                           machine::machine().step_global(0);
                           word = 0;
                           wake_up_bit(&word, 0);
                       }};
    EXPECT_EQ(program.explore_bound(2).stuck, 0u);
}

TEST(Completion, EachCompleteLetsOneWaiterGo) {
    WaitingProgram program(3);
    program.threads = {[] { wait_for_completion(&g_done); }, [] { wait_for_completion(&g_done); },
                       [] {
                           complete(&g_done);
                           complete(&g_done);
                       }};
    program.finish = [] { EXPECT_FALSE(completion_done(&g_done)); };
    EXPECT_EQ(program.explore_bound(1).stuck, 0u);
}

TEST(Completion, OneCompleteIsNotEnoughForTwo) {
    WaitingProgram program(3);
    program.threads = {[] { wait_for_completion(&g_done); }, [] { wait_for_completion(&g_done); },
                       [] { complete(&g_done); }};
    const auto count = program.explore_bound(1);
    EXPECT_EQ(count.stuck, count.executions);
}

TEST(Completion, CompleteAllLetsEverybodyGoForEver) {
    WaitingProgram program(3);
    const auto wait_twice = [] {
        wait_for_completion(&g_done);
        wait_for_completion(&g_done);
    };
    program.threads = {wait_twice, wait_twice, [] { complete_all(&g_done); }};
    program.finish = [] {
        EXPECT_TRUE(completion_done(&g_done));
        reinit_completion(&g_done);
        EXPECT_FALSE(try_wait_for_completion(&g_done));
    };
    EXPECT_EQ(program.explore_bound(1).stuck, 0u);
}

}  // namespace
}  // namespace kloom::tests
