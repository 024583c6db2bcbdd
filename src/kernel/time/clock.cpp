// The clocks that modules read. Reading one is no operation of the machine, but a path that does nothing else makes time pass.

#include "kernel/time/clock.hpp"

#include <climits>

#include "kernel/module_access.hpp"
#include "kernel/ticks.hpp"

#include <asm/tsc.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/sched/clock.h>
#include <linux/time.h>
#include <linux/timekeeping.h>

extern "C" {

u64 jiffies_64 = INITIAL_JIFFIES;
extern unsigned long volatile jiffies __attribute__((alias("jiffies_64")));

unsigned int tsc_khz = 3'000'000;
unsigned int cpu_khz = 3'000'000;

}  // extern "C"

namespace kloom::kernel {

namespace {

constexpr uint64_t kTscPerNs = 3;

}  // namespace

void update_jiffies(VirtualTime now) { jiffies_64 = INITIAL_JIFFIES + now / tick_ns(); }

unsigned long current_jiffies() { return jiffies_64; }

VirtualTime time_of_jiffies(unsigned long value) {
    const auto ticks = static_cast<long>(value - INITIAL_JIFFIES);
    return ticks < 0 ? 0 : static_cast<VirtualTime>(ticks) * tick_ns();
}

uint64_t clock_offset(int clock) {
    switch (clock) {
        case CLOCK_REALTIME:
        case CLOCK_REALTIME_COARSE:
        case CLOCK_REALTIME_ALARM: return kBootRealTimeNs;
        case CLOCK_TAI: return kBootRealTimeNs + kTaiOffsetNs;
        default: return 0;
    }
}

namespace {

uint64_t read_clock(uint64_t offset) {
    machine().note_clock_read();
    return machine().now() + offset;
}

uint64_t read_clock_of_last_tick(uint64_t offset) {
    const uint64_t now = read_clock(0);
    return now - now % tick_ns() + offset;
}

uint64_t offset_of(tk_offsets which) {
    switch (which) {
        case TK_OFFS_REAL: return kBootRealTimeNs;
        case TK_OFFS_TAI: return kBootRealTimeNs + kTaiOffsetNs;
        default: return 0;
    }
}

// struct timespec and struct timespec64 alike.
template <class Timespec>
void store(Timespec* to, uint64_t ns) {
    note_write(to, sizeof *to);
    to->tv_sec = static_cast<decltype(to->tv_sec)>(ns / trace::kNanosecondsPerSecond);
    to->tv_nsec = static_cast<decltype(to->tv_nsec)>(ns % trace::kNanosecondsPerSecond);
}

constexpr uint64_t kReal = kBootRealTimeNs;
constexpr uint64_t kTai = kBootRealTimeNs + kTaiOffsetNs;

}  // namespace
}  // namespace kloom::kernel

using namespace kloom::kernel;
namespace trace = kloom::trace;

// Functions that read a clock: one that returns `value`, and one that stores it through its parameter.
#define KLOOM_CLOCK(type, function, value)    \
    type function(void) {                     \
        KLOOM_API();                          \
        return static_cast<type>(value);      \
    }
#define KLOOM_CLOCK_TO(type, function, value) \
    void function(type* to) {                 \
        KLOOM_API();                          \
        store(to, value);                     \
    }

extern "C" {

KLOOM_CLOCK(ktime_t, ktime_get, read_clock(0))
KLOOM_CLOCK(ktime_t, ktime_get_raw, read_clock(0))
KLOOM_CLOCK(ktime_t, ktime_get_real, read_clock(kReal))
KLOOM_CLOCK(ktime_t, ktime_get_boottime, read_clock(0))
KLOOM_CLOCK(ktime_t, ktime_get_clocktai, read_clock(kTai))
KLOOM_CLOCK(ktime_t, ktime_get_coarse, read_clock_of_last_tick(0))
KLOOM_CLOCK(ktime_t, ktime_get_coarse_real, read_clock_of_last_tick(kReal))
KLOOM_CLOCK(ktime_t, ktime_get_coarse_boottime, read_clock_of_last_tick(0))
KLOOM_CLOCK(ktime_t, ktime_get_coarse_clocktai, read_clock_of_last_tick(kTai))

KLOOM_CLOCK(u64, ktime_get_ns, read_clock(0))
KLOOM_CLOCK(u64, ktime_get_raw_ns, read_clock(0))
KLOOM_CLOCK(u64, ktime_get_real_ns, read_clock(kReal))
KLOOM_CLOCK(u64, ktime_get_boottime_ns, read_clock(0))
KLOOM_CLOCK(u64, ktime_get_clocktai_ns, read_clock(kTai))
KLOOM_CLOCK(u64, ktime_get_coarse_ns, read_clock_of_last_tick(0))
KLOOM_CLOCK(u64, ktime_get_coarse_real_ns, read_clock_of_last_tick(kReal))
KLOOM_CLOCK(u64, ktime_get_coarse_boottime_ns, read_clock_of_last_tick(0))
KLOOM_CLOCK(u64, ktime_get_mono_fast_ns, read_clock(0))
KLOOM_CLOCK(u64, ktime_get_raw_fast_ns, read_clock(0))
KLOOM_CLOCK(u64, ktime_get_boot_fast_ns, read_clock(0))
KLOOM_CLOCK(u64, ktime_get_real_fast_ns, read_clock(kReal))

KLOOM_CLOCK(time64_t, ktime_get_seconds, read_clock(0) / trace::kNanosecondsPerSecond)
KLOOM_CLOCK(time64_t, ktime_get_boottime_seconds, read_clock(0) / trace::kNanosecondsPerSecond)
KLOOM_CLOCK(time64_t, ktime_get_real_seconds, read_clock(kReal) / trace::kNanosecondsPerSecond)
KLOOM_CLOCK(time64_t, __ktime_get_real_seconds, read_clock(kReal) / trace::kNanosecondsPerSecond)
KLOOM_CLOCK(time64_t, ktime_get_clocktai_seconds, read_clock(kTai) / trace::kNanosecondsPerSecond)
KLOOM_CLOCK(unsigned long, get_seconds, read_clock(kReal) / trace::kNanosecondsPerSecond)

KLOOM_CLOCK(unsigned long long, rdtsc, read_clock(0) * kTscPerNs)
KLOOM_CLOCK(unsigned long long, sched_clock, read_clock(0))
KLOOM_CLOCK(u64, local_clock, read_clock(0))
KLOOM_CLOCK(u64, running_clock, read_clock(0))

u64 cpu_clock(int) {
    KLOOM_API();
    return read_clock(0);
}

KLOOM_CLOCK_TO(timespec64, ktime_get_ts64, read_clock(0))
KLOOM_CLOCK_TO(timespec64, ktime_get_raw_ts64, read_clock(0))
KLOOM_CLOCK_TO(timespec64, ktime_get_real_ts64, read_clock(kReal))
KLOOM_CLOCK_TO(timespec64, ktime_get_boottime_ts64, read_clock(0))
KLOOM_CLOCK_TO(timespec64, ktime_get_clocktai_ts64, read_clock(kTai))
KLOOM_CLOCK_TO(timespec64, ktime_get_coarse_ts64, read_clock_of_last_tick(0))
KLOOM_CLOCK_TO(timespec64, ktime_get_coarse_real_ts64, read_clock_of_last_tick(kReal))
KLOOM_CLOCK_TO(timespec64, getboottime64, kReal)

KLOOM_CLOCK_TO(timespec, getnstimeofday, read_clock(kReal))
KLOOM_CLOCK_TO(timespec, ktime_get_ts, read_clock(0))
KLOOM_CLOCK_TO(timespec, ktime_get_real_ts, read_clock(kReal))
KLOOM_CLOCK_TO(timespec, getrawmonotonic, read_clock(0))
KLOOM_CLOCK_TO(timespec, get_monotonic_boottime, read_clock(0))
KLOOM_CLOCK_TO(timespec, getboottime, kReal)

void do_gettimeofday(struct timeval* tv) {
    KLOOM_API();
    const uint64_t now = read_clock(kReal);
    note_write(tv, sizeof *tv);
    tv->tv_sec = static_cast<time_t>(now / trace::kNanosecondsPerSecond);
    tv->tv_usec = static_cast<suseconds_t>(now % trace::kNanosecondsPerSecond / 1000);
}

struct timespec current_kernel_time(void) {
    KLOOM_API();
    const uint64_t now = read_clock_of_last_tick(kReal);
    return {.tv_sec = static_cast<time_t>(now / trace::kNanosecondsPerSecond),
            .tv_nsec = static_cast<long>(now % trace::kNanosecondsPerSecond)};
}

struct timespec get_monotonic_coarse(void) {
    KLOOM_API();
    const uint64_t now = read_clock_of_last_tick(0);
    return {.tv_sec = static_cast<time_t>(now / trace::kNanosecondsPerSecond),
            .tv_nsec = static_cast<long>(now % trace::kNanosecondsPerSecond)};
}

ktime_t ktime_get_with_offset(enum tk_offsets offs) {
    KLOOM_API();
    return static_cast<ktime_t>(read_clock(offset_of(offs)));
}

ktime_t ktime_get_coarse_with_offset(enum tk_offsets offs) {
    KLOOM_API();
    return static_cast<ktime_t>(read_clock_of_last_tick(offset_of(offs)));
}

ktime_t ktime_mono_to_any(ktime_t tmono, enum tk_offsets offs) { return tmono + static_cast<ktime_t>(offset_of(offs)); }

u32 ktime_get_resolution_ns(void) { return 1; }

}  // extern "C"
