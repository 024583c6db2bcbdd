#include "kernel/time/timers.hpp"

#include <algorithm>
#include <climits>

#include "kernel/irq/named_cpu.hpp"
#include "kernel/irq/softirq.hpp"
#include "kernel/module_access.hpp"
#include "kernel/time/clock.hpp"

#include <linux/bug.h>
#include <linux/interrupt.h>
#include <linux/timer.h>

namespace kloom::kernel {

namespace {

// The wheel's shape as Linux has it for HZ > 100: nine levels of 64 buckets, each level eight times as coarse as the one below.
constexpr int kWheelLevels = 9;
constexpr int kWheelLevelShift = 3;
constexpr unsigned long kWheelLevelSize = 64;

// The distance from which on level `level` is used.
constexpr unsigned long level_start(int level) {
    return level == 0 ? 0 : (kWheelLevelSize - 1) << ((level - 1) * kWheelLevelShift);
}

// Set in timer_list::flags by timer_shutdown().
constexpr u32 kShutdown = 0x00800000;
static_assert((kShutdown & (TIMER_BASEMASK | TIMER_INIT_FLAGS | KLOOM_TIMER_TAKES_DATA)) == 0);

hlist_node** const kPendingMark = reinterpret_cast<hlist_node**>(1);

const void* function_of(const timer_list& timer) { return reinterpret_cast<const void*>(timer.function); }

}  // namespace

WheelPlace wheel_place(unsigned long expires) {
    const unsigned long now = current_jiffies();
    const auto distance = static_cast<long>(expires - now);
    if (distance <= 0) return {now + 1, 0};
    int level = 0;
    while (level + 1 < kWheelLevels && static_cast<unsigned long>(distance) >= level_start(level + 1)) ++level;
    const int shift = level * kWheelLevelShift;
    return {((expires >> shift) + 1) << shift, level};
}

TimerService::TimerService(machine::Machine& machine) : machine_(machine) {
    kernel().softirqs->set_builtin(TIMER_SOFTIRQ, [] { kernel().timers->run_expired(); });
    const auto address = reinterpret_cast<uintptr_t>(&jiffies_64);
    machine.memory().add_region(trace::Region::Kernel, address, address + sizeof jiffies_64);
    machine.set_clock_variable(address, sizeof jiffies_64);
    machine.set_clock_listener(update_jiffies);
}

void TimerService::begin_execution() {
    update_jiffies(0);
    bases_.resize(static_cast<size_t>(machine_.possible_cpus()));
    for (Base& base : bases_) {
        base.slot.reset();
        base.pending.clear();
        base.event = {.function = [](machine::TimerEvent&) { kernel().softirqs->raise(TIMER_SOFTIRQ); }};
    }
}

void TimerService::report_leftovers(const ModuleImage& module) {
    for (const Base& base : bases_) {
        for (const Pending& pending : base.pending) {
            note_object(pending.timer, sizeof *pending.timer, "run_timer_softirq");
            const void* function = function_of(*pending.timer);
            if (module.contains(reinterpret_cast<uintptr_t>(function))) emit_leftover("timer", "", function);
        }
    }
}

// ---- the pending timers ------------------------------------------------------------------------------------------------

void TimerService::arm(timer_list& timer, unsigned long expires) {
    // While the callback runs the timer stays on its CPU, so that it never runs twice at once.
    for (size_t cpu = 0; cpu < bases_.size(); ++cpu)
        if (bases_[cpu].slot.is_running(&timer)) return arm_on(timer, expires, CpuId(static_cast<uint16_t>(cpu)));
    arm_on(timer, expires, machine_.cpu());
}

void TimerService::arm_on(timer_list& timer, unsigned long expires, CpuId cpu) {
    disarm(timer);
    timer.expires = expires;
    timer.entry.pprev = kPendingMark;
    timer.flags = (timer.flags & ~TIMER_BASEMASK) | cpu.value;
    Base& base = base_of(cpu);
    // A bucket is a stack: of those in the same place the timer that was armed last expires first.
    const WheelPlace place = wheel_place(expires);
    const auto is_later = [&](const Pending& other) {
        if (other.place.bucket != place.bucket) return static_cast<long>(other.place.bucket - place.bucket) > 0;
        return other.place.level <= place.level;
    };
    base.pending.insert(std::find_if(base.pending.begin(), base.pending.end(), is_later), {&timer, place});
    program(base);
    emit_release(&timer);
}

bool TimerService::modify_in_place(timer_list& timer, unsigned long expires) {
    const Pending wanted{&timer, wheel_place(expires)};
    const bool keeps_place = std::any_of(bases_.begin(), bases_.end(), [&](const Base& base) {
        return std::any_of(base.pending.begin(), base.pending.end(), [&](const Pending& pending) {
            return pending.timer == wanted.timer && pending.place == wanted.place;
        });
    });
    if (!keeps_place) return false;
    timer.expires = expires;
    emit_release(&timer);
    return true;
}

bool TimerService::disarm(timer_list& timer) {
    for (Base& base : bases_) {
        const auto is_it = [&](const Pending& pending) { return pending.timer == &timer; };
        const auto place = std::find_if(base.pending.begin(), base.pending.end(), is_it);
        if (place == base.pending.end()) continue;
        base.pending.erase(place);
        timer.entry.pprev = nullptr;
        program(base);
        return true;
    }
    return false;
}

bool TimerService::is_pending(const timer_list& timer) const {
    return std::any_of(bases_.begin(), bases_.end(), [&](const Base& base) {
        return std::any_of(base.pending.begin(), base.pending.end(),
                           [&](const Pending& pending) { return pending.timer == &timer; });
    });
}

std::vector<timer_list*> TimerService::pending_timers() const {
    std::vector<timer_list*> timers;
    for (const Base& base : bases_)
        for (const Pending& pending : base.pending) timers.push_back(pending.timer);
    return timers;
}

const CallbackSlot* TimerService::find_running(const timer_list& timer) const {
    for (const Base& base : bases_)
        if (base.slot.is_running(&timer)) return &base.slot;
    return nullptr;
}

void TimerService::program(Base& base) {
    if (base.pending.empty()) {
        machine_.disarm(base.event);
        return;
    }
    const VirtualTime expires = time_of_jiffies(base.pending.front().place.bucket);
    const CpuId cpu(static_cast<uint16_t>(&base - bases_.data()));
    if (!base.event.is_armed || base.event.expires != expires) machine_.arm(base.event, expires, cpu);
}

// ---- expiry ------------------------------------------------------------------------------------------------------------

void TimerService::run_expired() {
    Base& base = base_of(machine_.cpu());
    timer_list* timer = nullptr;
    while (take_expired(base, timer)) run_callback(base, *timer);  // ends: nothing armed now expires before the next tick
}

// Takes the first expired timer off the base.
bool TimerService::take_expired(Base& base, timer_list*& timer) {
    const auto has_expired = [&] {
        return !base.pending.empty() && static_cast<long>(current_jiffies() - base.pending.front().place.bucket) >= 0;
    };
    while (has_expired()) {  // ends: every turn that does not return had its timer deleted by another CPU
        timer = base.pending.front().timer;
        machine_.step_object(trace::OperationKind::Sync, timer, 0);
        if (!has_expired() || base.pending.front().timer != timer) continue;
        note_object(timer, sizeof *timer, "run_timer_softirq");
        disarm(*timer);
        return true;
    }
    return false;
}

void TimerService::run_callback(Base& base, timer_list& timer) {
    const bool irqs_off = (timer.flags & TIMER_IRQSAFE) != 0;
    const bool takes_data = (timer.flags & KLOOM_TIMER_TAKES_DATA) != 0;
    emit_acquire(&timer);
    base.slot.begin(&timer);
    if (irqs_off) machine_.set_irqs_disabled(true);
    if (takes_data)
        call_module("timer", reinterpret_cast<void (*)(unsigned long)>(reinterpret_cast<void*>(timer.function)), timer.data);
    else
        call_module("timer", timer.function, &timer);
    if (irqs_off) machine_.set_irqs_disabled(false);
    machine_.step_object(trace::OperationKind::Sync, &timer, 0);
    base.slot.end();
    emit_release(&timer);  // as an identity only: the callback may have freed it
}

}  // namespace kloom::kernel

// ---- the module's side -----------------------------------------------------------------------------------------------------

using namespace kloom::kernel;

namespace {

TimerService& timers() { return *kernel().timers; }

void step_on(timer_list* timer, const char* function) {
    machine().step_global(0);
    note_object(timer, sizeof *timer, function);
}

// False when the timer must not be armed: it was shut down.
bool check_armable(const timer_list& timer) {
    if (timer.function != nullptr) return true;
    if ((timer.flags & kShutdown) == 0) kloom_bug("BUG_ON(!timer->function)", "timer.c", 0);
    return false;
}

enum class Rearm { Always, IfPending, IfEarlier };

int modify(timer_list* timer, unsigned long expires, Rearm rule, const char* function) {
    step_on(timer, function);
    if (!check_armable(*timer)) return 0;
    const bool was_pending = timers().is_pending(*timer);
    if (was_pending && timer->expires == expires) return 1;
    if (rule == Rearm::IfPending && !was_pending) return 0;
    if (rule == Rearm::IfEarlier && was_pending && static_cast<long>(expires - timer->expires) > 0) return 1;
    if (was_pending && timers().modify_in_place(*timer, expires)) return 1;
    timers().arm(*timer, expires);
    return was_pending;
}

int remove(timer_list* timer, const char* function) {
    step_on(timer, function);
    return timers().disarm(*timer);
}

// A callback that arms its timer again is no match for this: the timer is taken off once the callback has returned.
int remove_and_wait(timer_list* timer, bool shuts_down, const char* function) {
    note_object(timer, sizeof *timer, function);
    if (in_hardirq() && (timer->flags & TIMER_IRQSAFE) == 0)
        kloom_warn("WARN_ON(in_hardirq() && !(timer->flags & TIMER_IRQSAFE))", "timer.c", 0, nullptr);
    int was_pending = 0;
    for (;;) {  // ends: the callback returns
        step_on(timer, function);
        const CallbackSlot* slot = timers().find_running(*timer);
        was_pending |= timers().disarm(*timer);
        if (slot == nullptr) break;
        slot->wait_spinning(timer);
    }
    if (shuts_down) {
        timer->function = nullptr;
        timer->flags |= kShutdown;
    }
    // The last callback may have run on any CPU.
    emit_acquire(timer);
    return was_pending;
}

}  // namespace

extern "C" {

void kloom_init_timer(struct timer_list* timer, void (*function)(struct timer_list*), unsigned int flags, unsigned long data) {
    KLOOM_API();
    note_write(timer, sizeof *timer);
    *timer = {};
    timer->function = function;
    timer->flags = flags | machine().cpu().value;
    timer->data = data;
}

void add_timer(struct timer_list* timer) {
    KLOOM_API();
    step_on(timer, "add_timer");
    if (timers().is_pending(*timer)) kloom_bug("BUG_ON(timer_pending(timer))", "timer.c", 0);
    if (check_armable(*timer)) timers().arm(*timer, timer->expires);
}

void add_timer_on(struct timer_list* timer, int cpu) {
    KLOOM_API();
    step_on(timer, "add_timer_on");
    if (timers().is_pending(*timer)) kloom_bug("BUG_ON(timer_pending(timer))", "timer.c", 0);
    if (check_armable(*timer)) timers().arm_on(*timer, timer->expires, named_cpu(cpu));
}

int mod_timer(struct timer_list* timer, unsigned long expires) {
    KLOOM_API();
    return modify(timer, expires, Rearm::Always, "mod_timer");
}

int mod_timer_pending(struct timer_list* timer, unsigned long expires) {
    KLOOM_API();
    return modify(timer, expires, Rearm::IfPending, "mod_timer_pending");
}

int timer_reduce(struct timer_list* timer, unsigned long expires) {
    KLOOM_API();
    return modify(timer, expires, Rearm::IfEarlier, "timer_reduce");
}

int del_timer(struct timer_list* timer) {
    KLOOM_API();
    return remove(timer, "del_timer");
}

int kloom_timer_delete(struct timer_list* timer) {
    KLOOM_API();
    return remove(timer, "timer_delete");
}

int try_to_del_timer_sync(struct timer_list* timer) {
    KLOOM_API();
    step_on(timer, "try_to_del_timer_sync");
    if (timers().find_running(*timer) != nullptr) return -1;
    emit_acquire(timer);
    return timers().disarm(*timer);
}

int del_timer_sync(struct timer_list* timer) {
    KLOOM_API();
    return remove_and_wait(timer, false, "del_timer_sync");
}

int timer_delete_sync(struct timer_list* timer) {
    KLOOM_API();
    return remove_and_wait(timer, false, "timer_delete_sync");
}

int timer_shutdown(struct timer_list* timer) {
    KLOOM_API();
    const int was_pending = remove(timer, "timer_shutdown");
    timer->function = nullptr;
    timer->flags |= kShutdown;
    return was_pending;
}

int timer_shutdown_sync(struct timer_list* timer) {
    KLOOM_API();
    return remove_and_wait(timer, true, "timer_shutdown_sync");
}

bool kloom_timer_pending(const struct timer_list* timer) {
    KLOOM_API();
    machine().step({.kind = kloom::trace::OperationKind::Sync,
                    .footprint = {.address = reinterpret_cast<uintptr_t>(timer),
                                  .size = 1,
                                  .scope = kloom::trace::Scope::Object,
                                  .is_write = false}});
    note_object(timer, sizeof *timer, "timer_pending");
    return timer->entry.pprev != nullptr;
}

}  // extern "C"
