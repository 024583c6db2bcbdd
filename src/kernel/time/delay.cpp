// Delays: busy-waiting on the machine's clock, and sleeping for a time.

#include <algorithm>
#include <climits>

#include "kernel/irq/waiters.hpp"
#include "kernel/module_access.hpp"
#include "kernel/sched/tasks.hpp"
#include "kernel/time/clock.hpp"
#include "kernel/time/timers.hpp"

#include <asm/barrier.h>
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/sched.h>

using namespace kloom::kernel;

namespace {

constexpr VirtualTime kNsPerUs = 1'000;
constexpr VirtualTime kNsPerMs = 1'000'000;

// fsleep()'s borders.
constexpr unsigned long kFsleepSpinUsMax = 10;
constexpr unsigned long kFsleepRangeUsMax = 20'000;

// Sleeps in `state` until `deadline`, or until a signal comes that the state admits.
void sleep_until(VirtualTime deadline, unsigned state, const char* what) {
    emit_might_sleep(what, true);
    check_can_sleep();
    machine().step_global(0);
    TaskService& tasks = *kernel().tasks;
    while (machine().now() < deadline) {  // ends: the deadline comes; other wake-ups are not ours
        if (tasks.has_signal_for(tasks.current(), state)) return;
        tasks.sleep(state, what, nullptr, deadline);
    }
}

// Linux sleeps one tick more than asked, since the present one has begun.
VirtualTime deadline_in_ms(unsigned int msecs) {
    return time_of_jiffies(wheel_expiry(current_jiffies() + msecs_to_jiffies(msecs) + 1));
}

void sleep_ms(unsigned int msecs, const char* what) { sleep_until(deadline_in_ms(msecs), TASK_UNINTERRUPTIBLE, what); }

}  // namespace

extern "C" {

void cpu_relax(void) {
    KLOOM_API();
    machine().relax(0);
}

void ndelay(unsigned long nsecs) {
    KLOOM_API();
    machine().delay(nsecs, 0);
}

void udelay(unsigned long usecs) {
    KLOOM_API();
    machine().delay(usecs * kNsPerUs, 0);
}

void mdelay(unsigned long msecs) {
    KLOOM_API();
    machine().delay(msecs * kNsPerMs, 0);
}

void msleep(unsigned int msecs) {
    KLOOM_API();
    sleep_ms(msecs, "msleep");
}

void ssleep(unsigned int seconds) {
    KLOOM_API();
    sleep_ms(seconds * 1000, "ssleep");
}

unsigned long msleep_interruptible(unsigned int msecs) {
    KLOOM_API();
    const VirtualTime deadline = deadline_in_ms(msecs);
    sleep_until(deadline, TASK_INTERRUPTIBLE, "msleep_interruptible");
    return machine().now() >= deadline ? 0 : (deadline - machine().now()) / kNsPerMs;
}

void usleep_range_state(unsigned long min, unsigned long max, unsigned int state) {
    KLOOM_API();
    sleep_until(machine().now() + std::max(min, max) * kNsPerUs, state, "usleep_range");
}

void usleep_range(unsigned long min, unsigned long max) {
    KLOOM_API();
    usleep_range_state(min, max, TASK_UNINTERRUPTIBLE);
}

void usleep_idle_range(unsigned long min, unsigned long max) {
    KLOOM_API();
    usleep_range_state(min, max, TASK_IDLE);
}

void fsleep(unsigned long usecs) {
    KLOOM_API();
    if (usecs <= kFsleepSpinUsMax)
        udelay(usecs);
    else if (usecs <= kFsleepRangeUsMax)
        usleep_range(usecs, 2 * usecs);
    else
        msleep(static_cast<unsigned int>((usecs + 999) / 1000));
}

}  // extern "C"
