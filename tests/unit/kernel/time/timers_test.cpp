#include "kernel/time/timers.hpp"

#include <gtest/gtest.h>

#include <climits>
#include <string>

#include "explore/bounded.hpp"
#include "kernel/ticks.hpp"
#include "kernel/time/clock.hpp"
#include "unit/kernel/sync/kernel_program.hpp"

#include <linux/hrtimer.h>
#include <linux/timer.h>

namespace kloom::tests {
namespace {

using explore::BoundedSearch;

// `now` and `expected` count ticks since boot, when jiffies is 8 more than a multiple of 64.
struct WheelCase {
    const char* name;
    unsigned long now;
    long distance;
    unsigned long expected;
};

const WheelCase kWheelCases[] = {
    {"ExpiredTimerRunsAtTheNextTick", 1024, -5, 1025},
    {"TimerForNowRunsAtTheNextTick", 1024, 0, 1025},
    {"FirstLevelIsExactButOneLate", 1024, 1, 1026},
    {"FirstLevelEndsAt62Ticks", 1024, 62, 1087},
    {"SecondLevelCountsInEights", 1024, 63, 1088},
    {"SecondLevelRoundsUp", 1024, 250, 1280},
    {"ThirdLevelCountsInSixtyFours", 1024, 1000, 2040},
};

class Wheel : public ::testing::TestWithParam<WheelCase> {};

TEST_P(Wheel, RoundsUpTheMoreTheFartherAway) {
    const WheelCase& test = GetParam();
    KernelProgram program;
    kernel::update_jiffies(0);
    const unsigned long boot = kernel::current_jiffies();

    kernel::update_jiffies(test.now * kernel::tick_ns());
    const unsigned long now = kernel::current_jiffies();

    EXPECT_EQ(kernel::wheel_expiry(now + static_cast<unsigned long>(test.distance)) - boot, test.expected);
}

INSTANTIATE_TEST_SUITE_P(Timers, Wheel, ::testing::ValuesIn(kWheelCases),
                         [](const ::testing::TestParamInfo<WheelCase>& info) { return std::string(info.param.name); });

timer_list g_timer;
hrtimer g_hrtimer;
bool g_is_running;
int g_runs;

// A callback in which others may step.
void run_for_a_while() {
    g_is_running = true;
    machine::machine().step_object(trace::OperationKind::Sync, &g_runs, 0);
    ++g_runs;
    machine::machine().step_object(trace::OperationKind::Sync, &g_runs, 0);
    g_is_running = false;
}

struct TimerProgram : KernelProgram {
    TimerProgram() {
        share(g_timer);
        share(g_hrtimer);
    }
    void expect_no_interleaving_stuck(int bound) {
        BoundedSearch search(bound);
        const Count count = explore(search);
        EXPECT_GT(count.executions, 10u);
        EXPECT_EQ(count.stuck, 0u);
    }
};

// The timer expires on CPU 1 while the task on CPU 0 deletes it: before, in, or after the callback.
TEST(Timers, DelTimerSyncLeavesNoCallbackRunning) {
    TimerProgram program;
    program.setup = [] {
        g_is_running = false;
        timer_setup(&g_timer, [](timer_list*) { run_for_a_while(); }, 0);
        g_timer.expires = kernel::current_jiffies();
        add_timer_on(&g_timer, 1);
    };
    program.threads = {[] {
        del_timer_sync(&g_timer);
        EXPECT_FALSE(g_is_running);
        EXPECT_FALSE(timer_pending(&g_timer));
    }};

    program.expect_no_interleaving_stuck(2);
}

// The callback arms its timer again, at most once more than the deletion allows.
TEST(Timers, DelTimerSyncStopsATimerThatArmsItself) {
    TimerProgram program;
    program.setup = [] {
        g_is_running = false;
        timer_setup(&g_timer,
                    [](timer_list* timer) {
                        run_for_a_while();
                        mod_timer(timer, kernel::current_jiffies() + 1);
                    },
                    0);
        g_timer.expires = kernel::current_jiffies();
        add_timer_on(&g_timer, 1);
    };
    program.threads = {[] {
        del_timer_sync(&g_timer);
        EXPECT_FALSE(g_is_running);
        EXPECT_FALSE(timer_pending(&g_timer));
    }};

    program.expect_no_interleaving_stuck(2);
}

TEST(Hrtimers, CancelLeavesNoCallbackRunning) {
    TimerProgram program;
    program.setup = [] {
        g_is_running = false;
        hrtimer_init(&g_hrtimer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
        g_hrtimer.function = [](hrtimer* timer) {
            run_for_a_while();
            hrtimer_forward(timer, ktime_get(), 1000);
            return HRTIMER_RESTART;
        };
        hrtimer_start(&g_hrtimer, 1000, HRTIMER_MODE_REL);
    };
    program.threads = {[] {
        hrtimer_cancel(&g_hrtimer);
        EXPECT_FALSE(g_is_running);
        EXPECT_FALSE(hrtimer_active(&g_hrtimer));
    }};

    program.expect_no_interleaving_stuck(3);
}

// A callback that leaves the expiry where it is fires until the storm is noticed.
TEST(Hrtimers, RestartWithoutForwardIsAStorm) {
    TimerProgram program;
    program.setup = [] {
        hrtimer_init(&g_hrtimer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
        g_hrtimer.function = [](hrtimer*) { return HRTIMER_RESTART; };
        hrtimer_start(&g_hrtimer, 1000, HRTIMER_MODE_REL);
        machine::machine().sleep_until(1'000'000, "test", nullptr);
    };

    BoundedSearch search(0);
    program.explore(search);

    EXPECT_EQ(program.misuses["timer-storm"], 1);
}

}  // namespace
}  // namespace kloom::tests
