#include "kernel/time/hrtimers.hpp"

#include <algorithm>
#include <climits>
#include <tuple>

#include "kernel/irq/softirq.hpp"
#include "kernel/irq/waiters.hpp"
#include "kernel/module_access.hpp"
#include "kernel/sched/tasks.hpp"
#include "kernel/time/clock.hpp"

#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/sched.h>

namespace kloom::kernel {

namespace {

// So many expiries of a timer without time moving are a storm.
constexpr uint32_t kStormExpiries = 100;

hrtimer_clock_base clock_bases[] = {
    {CLOCK_MONOTONIC, ktime_get},
    {CLOCK_REALTIME, ktime_get_real},
    {CLOCK_BOOTTIME, ktime_get_boottime},
    {CLOCK_TAI, ktime_get_clocktai},
};

hrtimer_clock_base& base_of_clock(int clock) {
    for (hrtimer_clock_base& base : clock_bases)
        if (base.clockid == clock) return base;
    return clock_bases[0];
}

// The machine's time at which the timer expires; times of the past count as now.
VirtualTime machine_time_of(const hrtimer& timer) {
    const auto offset = static_cast<ktime_t>(clock_offset(timer.base->clockid));
    const ktime_t monotonic = timer.node.expires - offset;
    return monotonic < 0 ? 0 : static_cast<VirtualTime>(monotonic);
}

const void* function_of(const hrtimer& timer) { return reinterpret_cast<const void*>(timer.function); }

ktime_t saturating_add(ktime_t a, ktime_t b) {
    ktime_t sum = 0;
    return __builtin_add_overflow(a, b, &sum) || sum < 0 ? KTIME_MAX : sum;
}

}  // namespace

HrtimerService::HrtimerService(machine::Machine& machine) : machine_(machine) {
    kernel().softirqs->set_builtin(HRTIMER_SOFTIRQ, [] { kernel().hrtimers->run_soft(); });
    const auto begin = reinterpret_cast<uintptr_t>(&clock_bases);
    machine.memory().add_region(trace::Region::Kernel, begin, begin + sizeof clock_bases);
}

void HrtimerService::begin_execution() {
    cpus_.resize(static_cast<size_t>(machine_.possible_cpus()));
    for (Cpu& cpu : cpus_) {
        cpu.slot.reset();
        cpu.soft_slot.reset();
    }
    entries_.clear();
    storm_ = {};
}

void HrtimerService::report_leftovers(const ModuleImage& module) {
    for (const Armed& armed : entries_) {
        if (armed.timer == nullptr) continue;
        note_object(armed.timer, sizeof *armed.timer, "hrtimer_interrupt");
        const void* function = function_of(*armed.timer);
        if (module.contains(reinterpret_cast<uintptr_t>(function))) emit_leftover("hrtimer", "", function);
    }
}

// ---- started timers ------------------------------------------------------------------------------------------------------

const HrtimerService::Armed* HrtimerService::find(const hrtimer& timer) const {
    for (const Armed& armed : entries_)
        if (armed.timer == &timer) return &armed;
    return nullptr;
}

HrtimerService::Armed& HrtimerService::take_entry() {
    for (Armed& armed : entries_)
        if (armed.timer == nullptr) return armed;
    return entries_.emplace_back();
}

void HrtimerService::arm(hrtimer& timer, CpuId cpu) {
    disarm(timer);
    Armed& armed = take_entry();
    armed.timer = &timer;
    armed.has_expired = false;
    armed.event = {.function = [](machine::TimerEvent& event) { kernel().hrtimers->fire(*static_cast<Armed*>(event.owner)); },
                   .owner = &armed};
    timer.state = HRTIMER_STATE_ENQUEUED;
    machine_.arm(armed.event, machine_time_of(timer), cpu);
    emit_release(&timer);
}

bool HrtimerService::disarm(hrtimer& timer) {
    auto* armed = const_cast<Armed*>(find(timer));
    if (armed == nullptr) return false;
    machine_.disarm(armed->event);
    armed->timer = nullptr;
    timer.state = HRTIMER_STATE_INACTIVE;
    return true;
}

const CallbackSlot* HrtimerService::find_running(const hrtimer& timer) const {
    for (const Cpu& cpu : cpus_) {
        if (cpu.slot.is_running(&timer)) return &cpu.slot;
        if (cpu.soft_slot.is_running(&timer)) return &cpu.soft_slot;
    }
    return nullptr;
}

VirtualTime HrtimerService::next_expiry(CpuId cpu) const {
    VirtualTime next = ~VirtualTime{0};
    for (const Armed& armed : entries_)
        if (armed.timer != nullptr && armed.event.cpu == cpu) next = std::min(next, armed.event.expires);
    return next;
}

// ---- expiry --------------------------------------------------------------------------------------------------------------

// The interrupt of a timer's event. The timer may have been stopped, or started anew, between the event and the step.
void HrtimerService::fire(Armed& armed) {
    hrtimer* timer = armed.timer;
    const uint64_t sequence = armed.event.sequence;
    if (timer == nullptr) return;
    machine_.step_object(trace::OperationKind::Sync, timer, 0);
    if (armed.timer != timer || armed.event.sequence != sequence) return;
    note_object(timer, sizeof *timer, "hrtimer_interrupt");
    if (timer->is_soft != 0) {
        armed.has_expired = true;
        kernel().softirqs->raise(HRTIMER_SOFTIRQ);
        return;
    }
    run_callback(*timer, cpus_[machine_.cpu().index()].slot);
}

void HrtimerService::run_soft() {
    const CpuId cpu = machine_.cpu();
    const auto waits_here = [&](const Armed& armed) {
        return armed.timer != nullptr && armed.has_expired && armed.event.cpu == cpu;
    };
    const auto comes_first = [&](const Armed& a, const Armed& b) {
        if (waits_here(a) != waits_here(b)) return waits_here(a);
        return std::tie(a.event.expires, a.event.sequence) < std::tie(b.event.expires, b.event.sequence);
    };
    for (;;) {  // ends: every turn takes one timer, and one that starts anew expires by an interrupt first
        const auto place = std::min_element(entries_.begin(), entries_.end(), comes_first);
        if (place == entries_.end() || !waits_here(*place)) return;
        hrtimer* timer = place->timer;
        machine_.step_object(trace::OperationKind::Sync, timer, 0);
        if (!waits_here(*place) || place->timer != timer) continue;
        note_object(timer, sizeof *timer, "hrtimer_run_softirq");
        run_callback(*timer, cpus_[cpu.index()].soft_slot);
    }
}

// Takes the timer off, calls it and starts it again if the callback says so and nobody else has started it meanwhile.
void HrtimerService::run_callback(hrtimer& timer, CallbackSlot& slot) {
    disarm(timer);
    emit_acquire(&timer);
    slot.begin(&timer);
    const enum hrtimer_restart answer = call_module("hrtimer", timer.function, &timer);
    machine_.step_global(0);
    slot.end();
    emit_release(&timer);  // as an identity only: the callback may have freed it
    if (answer != HRTIMER_RESTART) return;
    note_object(&timer, sizeof timer, "hrtimer_interrupt");
    if (is_armed(timer)) return;
    watch_for_storm(timer);
    arm(timer, machine_.cpu());
}

void HrtimerService::watch_for_storm(const hrtimer& timer) {
    const bool goes_on = storm_.timer == &timer && storm_.time == machine_.now() && machine_time_of(timer) <= machine_.now();
    storm_ = {&timer, machine_.now(), goes_on ? storm_.count + 1 : 0};
    if (storm_.count < kStormExpiries) return;
    emit_misuse("timer-storm", trace::Severity::Error,
                "an hrtimer's callback restarts it without moving its expiry forward: it fires for ever and the CPU does nothing else",
                function_of(timer));
    machine_.stop_execution();
}

}  // namespace kloom::kernel

// ---- the module's side -----------------------------------------------------------------------------------------------------

using namespace kloom::kernel;

namespace {

HrtimerService& hrtimers() { return *kernel().hrtimers; }

void step_on(const hrtimer* timer, const char* function) {
    machine().step_global(0);
    note_object(timer, sizeof *timer, function);
}

void look_at(const hrtimer* timer, const char* function) {
    machine().step_object(kloom::trace::OperationKind::Sync, timer, 0);
    note_object(timer, sizeof *timer, function);
}

// A timer that was never initialised has no clock: Linux dereferences the null pointer.
void check_initialised(const hrtimer* timer) {
    if (timer->base == nullptr) note_read(timer->base, sizeof *timer->base);
}

ktime_t time_on(const hrtimer& timer) {
    return static_cast<ktime_t>(machine().now() + clock_offset(timer.base->clockid));
}

enum hrtimer_restart wake_sleeper(hrtimer* timer) {
    auto* sleeper = container_of(timer, struct hrtimer_sleeper, timer);
    if (task_struct* task = sleeper->task) {
        sleeper->task = nullptr;
        wake_up_process(task);
    }
    return HRTIMER_NORESTART;
}

}  // namespace

extern "C" {

void hrtimer_init(struct hrtimer* timer, clockid_t which_clock, enum hrtimer_mode mode) {
    KLOOM_API();
    note_write(timer, sizeof *timer);
    *timer = {};
    timer->base = &base_of_clock(which_clock);
    timer->is_soft = (mode & HRTIMER_MODE_SOFT) != 0;
    timer->is_hard = !timer->is_soft;
}

void hrtimer_setup(struct hrtimer* timer, enum hrtimer_restart (*function)(struct hrtimer*), clockid_t which_clock,
                   enum hrtimer_mode mode) {
    KLOOM_API();
    hrtimer_init(timer, which_clock, mode);
    timer->function = function;
}

void hrtimer_start_range_ns(struct hrtimer* timer, ktime_t tim, u64 range_ns, const enum hrtimer_mode mode) {
    KLOOM_API();
    step_on(timer, "hrtimer_start");
    check_initialised(timer);
    hrtimers().disarm(*timer);
    if ((mode & HRTIMER_MODE_REL) != 0) tim = saturating_add(tim, time_on(*timer));
    timer->is_rel = (mode & HRTIMER_MODE_REL) != 0;
    timer->_softexpires = tim;
    timer->node.expires = saturating_add(tim, static_cast<ktime_t>(range_ns));
    hrtimers().arm(*timer, machine().cpu());
}

int hrtimer_try_to_cancel(struct hrtimer* timer) {
    KLOOM_API();
    step_on(timer, "hrtimer_try_to_cancel");
    check_initialised(timer);
    if (hrtimers().find_running(*timer) != nullptr) return -1;
    emit_acquire(timer);
    return hrtimers().disarm(*timer);
}

int hrtimer_cancel(struct hrtimer* timer) {
    KLOOM_API();
    for (;;) {  // ends: the callback returns
        step_on(timer, "hrtimer_cancel");
        check_initialised(timer);
        const CallbackSlot* slot = hrtimers().find_running(*timer);
        if (slot == nullptr) break;
        slot->wait_spinning(timer);
    }
    emit_acquire(timer);
    return hrtimers().disarm(*timer);
}

u64 hrtimer_forward(struct hrtimer* timer, ktime_t now, ktime_t interval) {
    KLOOM_API();
    look_at(timer, "hrtimer_forward");
    const ktime_t late = now - timer->node.expires;
    if (late < 0) return 0;
    if (hrtimers().is_armed(*timer)) {
        kloom_warn("WARN_ON(timer->state & HRTIMER_STATE_ENQUEUED)", "hrtimer.c", 0, nullptr);
        return 0;
    }
    if (interval < 1) interval = 1;
    const u64 overruns = static_cast<u64>(late / interval) + 1;
    const ktime_t advance = static_cast<ktime_t>(overruns) * interval;
    timer->node.expires = saturating_add(timer->node.expires, advance);
    timer->_softexpires = saturating_add(timer->_softexpires, advance);
    return overruns;
}

ktime_t __hrtimer_get_remaining(const struct hrtimer* timer, bool) {
    KLOOM_API();
    look_at(timer, "hrtimer_get_remaining");
    check_initialised(timer);
    return timer->node.expires - time_on(*timer);
}

bool hrtimer_active(const struct hrtimer* timer) {
    KLOOM_API();
    look_at(timer, "hrtimer_active");
    return hrtimers().is_armed(*timer) || hrtimers().find_running(*timer) != nullptr;
}

bool hrtimer_is_queued(struct hrtimer* timer) {
    KLOOM_API();
    look_at(timer, "hrtimer_is_queued");
    return hrtimers().is_armed(*timer);
}

int hrtimer_callback_running(struct hrtimer* timer) {
    KLOOM_API();
    look_at(timer, "hrtimer_callback_running");
    return hrtimers().find_running(*timer) != nullptr;
}

u64 hrtimer_get_next_event(void) {
    KLOOM_API();
    machine().step_global(0);
    const VirtualTime next = hrtimers().next_expiry(machine().cpu());
    if (next == ~VirtualTime{0}) return KTIME_MAX;
    return next <= machine().now() ? 0 : next - machine().now();
}

// ---- sleeping ------------------------------------------------------------------------------------------------------------

void hrtimer_init_sleeper(struct hrtimer_sleeper* sl, clockid_t clock_id, enum hrtimer_mode mode) {
    KLOOM_API();
    hrtimer_init(&sl->timer, clock_id, mode);
    sl->timer.function = wake_sleeper;
    sl->task = get_current();
}

void hrtimer_sleeper_start_expires(struct hrtimer_sleeper* sl, enum hrtimer_mode mode) {
    KLOOM_API();
    hrtimer_start_expires(&sl->timer, mode);
}

int schedule_hrtimeout_range_clock(ktime_t* expires, u64 delta, const enum hrtimer_mode mode, clockid_t clock_id) {
    KLOOM_API();
    if (expires == nullptr) {
        schedule();
        return -EINTR;
    }
    note_read(expires, sizeof *expires);
    TaskService& tasks = *kernel().tasks;
    if (*expires == 0) {
        kloom_set_current_state(TASK_RUNNING);
        return 0;
    }
    ktime_t deadline = saturating_add(*expires, static_cast<ktime_t>(delta));
    if ((mode & HRTIMER_MODE_REL) != 0)
        deadline = saturating_add(deadline, static_cast<ktime_t>(machine().now()));
    else
        deadline -= static_cast<ktime_t>(clock_offset(clock_id));
    if (deadline <= static_cast<ktime_t>(machine().now())) {
        kloom_set_current_state(TASK_RUNNING);
        return 0;
    }
    return tasks.schedule("schedule_hrtimeout", static_cast<VirtualTime>(deadline)) ? -EINTR : 0;
}

int schedule_hrtimeout_range(ktime_t* expires, u64 delta, const enum hrtimer_mode mode) {
    KLOOM_API();
    return schedule_hrtimeout_range_clock(expires, delta, mode, CLOCK_MONOTONIC);
}

int schedule_hrtimeout(ktime_t* expires, const enum hrtimer_mode mode) {
    KLOOM_API();
    return schedule_hrtimeout_range_clock(expires, 0, mode, CLOCK_MONOTONIC);
}

}  // extern "C"
