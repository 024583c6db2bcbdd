#include "kernel/sync/rcu.hpp"

#include <algorithm>

#include "kernel/irq/callback.hpp"
#include "kernel/irq/softirq.hpp"
#include "kernel/irq/waiters.hpp"
#include "kernel/module_access.hpp"
#include "kernel/sched/tasks.hpp"
#include "kernel/sync/locks.hpp"
#include "kernel/ticks.hpp"

#include <linux/interrupt.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/srcu.h>
#include <linux/workqueue.h>

namespace kloom::kernel {

using trace::OperationKind;
using trace::Scope;

namespace {

// Addresses that stand for the edges of happens-before; nothing is stored there.
struct {
    char grace_period;  // its beginning -> readers that enter later
    char readers_left;  // leaving readers -> the end of a grace period
    char callbacks;     // the end of a callback -> rcu_barrier()
} g_edges;

void step_reading(const void* object, OperationKind kind) {
    machine().step({.kind = kind,
                    .footprint = {.address = reinterpret_cast<uintptr_t>(object),
                                  .size = 1,
                                  .scope = Scope::Object,
                                  .is_write = false}});
}

}  // namespace

const void* const RcuService::kRcu = &g_edges;

RcuService::RcuService(machine::Machine& machine)
    : timers_(static_cast<size_t>(machine.possible_cpus())),
      srcu_works_(std::make_unique<work_struct[]>(timers_.size())) {
    const auto works = reinterpret_cast<uintptr_t>(srcu_works_.get());
    machine.memory().add_region(trace::Region::Kernel, works,
                                works + timers_.size() * sizeof(work_struct));
    for (machine::TimerEvent& timer : timers_) {
        timer.function = &RcuService::on_timer;
        timer.owner = this;
    }
}

RcuService::~RcuService() = default;

void RcuService::begin_execution() {
    kernel().softirqs->set_builtin(RCU_SOFTIRQ,
                                   [] { kernel().rcu->run_callbacks(CallbackKind::Rcu); });
    readers_.clear();
    pending_.clear();
    callbacks_.clear();
    grace_periods_ = last_over_ = callbacks_queued_ = 0;
    for (machine::TimerEvent& timer : timers_) timer.is_armed = false;
    for (size_t cpu = 0; cpu < timers_.size(); ++cpu)
        INIT_WORK(&srcu_works_[cpu], &RcuService::run_srcu_callbacks);
}

void RcuService::report_leftovers(const ModuleImage& module) {
    for (const Callback& callback : callbacks_) {
        const auto function = reinterpret_cast<uintptr_t>(callback.function);
        if (module.contains_text(function))
            emit_leftover("RCU callback", "", reinterpret_cast<const void*>(callback.function));
    }
    if (!has_readers()) free_pending_objects();
}

// What kfree_rcu() still holds needs nothing of the module any more: it is no leak, although its
// grace period is not over.
void RcuService::free_pending_objects() {
    for (;;) {  // ends: each round takes one callback out
        const auto found = std::ranges::find_if(callbacks_, [](const Callback& callback) {
            return callback.function == nullptr && callback.object != nullptr;
        });
        if (found == callbacks_.end()) return;
        const void* object = found->object;
        callbacks_.erase(found);
        kfree(object);
    }
}

// ---- readers
// -----------------------------------------------------------------------------------------------------------

bool RcuService::belongs_to(const Reader& reader, const void* domain) {
    if (domain != kRcu) return reader.domain == domain;
    return reader.domain == &rcu_lock_map || reader.domain == &rcu_bh_lock_map ||
           reader.domain == &rcu_sched_lock_map;
}

bool RcuService::has_readers() const {
    return is_domain_in_use(kRcu);
}

bool RcuService::is_domain_in_use(const void* domain) const {
    return std::ranges::any_of(readers_,
                               [&](const Reader& reader) { return belongs_to(reader, domain); });
}

RcuService::Reader* RcuService::find_own(const void* domain) {
    const auto found = std::ranges::find_if(readers_, [&](const Reader& reader) {
        return reader.domain == domain && reader.path == machine().current().id;
    });
    return found != readers_.end() ? &*found : nullptr;
}

// The current path's own reader, else one that another path entered and this one ends (SRCU allows
// it).
RcuService::Reader* RcuService::find_reader(const void* domain, int index) {
    Reader* own = find_own(domain);
    if (own != nullptr || index == kAnyIndex) return own;
    const auto found = std::ranges::find(readers_, domain, &Reader::domain);
    return found != readers_.end() ? &*found : nullptr;
}

bool RcuService::is_reading(const void* domain) const {
    for (const machine::Path* path = &machine().current(); path != nullptr; path = path->below) {
        const bool reads = std::ranges::any_of(readers_, [&](const Reader& reader) {
            return reader.domain == domain && reader.path == path->id;
        });
        if (reads) return true;
    }
    return false;
}

void RcuService::enter(const void* domain) {
    if (Reader* reader = find_own(domain)) {
        ++reader->depth;
        return;
    }
    step_reading(kRcu, OperationKind::Sync);
    readers_.push_back({domain, machine().current().id, 1, grace_periods_});
    emit_acquire(&g_edges.grace_period);
}

bool RcuService::leave(const void* domain, int index) {
    Reader* reader = find_reader(domain, index);
    if (reader != nullptr && reader->depth > 1) {
        --reader->depth;
        return true;
    }
    step_reading(kRcu, OperationKind::Release);
    reader = find_reader(domain, index);
    if (reader == nullptr) return false;
    emit_release(&g_edges.readers_left);
    const bool must_advance = holds_up(*reader);
    readers_.erase(readers_.begin() + (reader - readers_.data()));
    if (must_advance) {
        machine().step_global(0);
        advance();
    }
    return true;
}

// ---- grace periods
// -------------------------------------------------------------------------------------------------------

machine::CpuSet RcuService::busy_cpus(const machine::Path* tick) {
    machine::CpuSet busy;
    for (int index = 0; index < machine().possible_cpus(); ++index) {
        const machine::Path* top = machine().top(CpuId(static_cast<uint16_t>(index)));
        if (tick != nullptr && top == tick) top = tick->below;
        busy.set(static_cast<size_t>(index), top != nullptr && !top->is_preemptible());
    }
    return busy;
}

bool RcuService::has_blocking_reader(const GracePeriod& period) const {
    return std::ranges::any_of(readers_, [&](const Reader& reader) {
        return belongs_to(reader, period.domain) && reader.entered < period.number;
    });
}

bool RcuService::holds_up(const Reader& reader) const {
    return std::ranges::any_of(pending_, [&](const GracePeriod& period) {
        return belongs_to(reader, period.domain) && reader.entered < period.number;
    });
}

uint64_t RcuService::begin_grace_period(const void* domain) {
    emit_release(&g_edges.grace_period);
    if (domain != kRcu) {
        auto* ssp = const_cast<srcu_struct*>(static_cast<const srcu_struct*>(domain));
        ++ssp->srcu_idx;
    }
    ++grace_periods_;
    pending_.push_back({grace_periods_, domain, domain == kRcu ? busy_cpus() : machine::CpuSet()});
    return grace_periods_;
}

bool RcuService::is_over(uint64_t number) const {
    if (number > grace_periods_) return number <= last_over_;
    return std::ranges::find(pending_, number, &GracePeriod::number) == pending_.end();
}

void RcuService::advance(const machine::Path* tick) {
    const machine::CpuSet busy = busy_cpus(tick);
    bool is_progress =
        false;  // waiters may find their grace period over, or only busy CPUs in its way
    std::erase_if(pending_, [&](GracePeriod& period) {
        period.busy &= busy;
        if (has_blocking_reader(period)) return false;
        is_progress = true;
        if (period.busy.any()) return false;
        if (period.domain == kRcu) last_over_ = std::max(last_over_, period.number);
        return true;
    });
    if (is_progress) kernel().locks->sleepers().wake_all(kRcu);
    schedule_callbacks();
}

bool RcuService::is_quiet(const void* service) {
    const machine::CpuSet busy = busy_cpus();
    const auto& pending = static_cast<const RcuService*>(service)->pending_;
    return std::ranges::none_of(
        pending, [&](const GracePeriod& period) { return (period.busy & busy).any(); });
}

void RcuService::wait_for(uint64_t number, const char* function) {
    advance();
    while (!is_over(number)) {  // ends: readers leave and CPUs become quiet
        const auto period = std::ranges::find(pending_, number, &GracePeriod::number);
        if (has_blocking_reader(*period)) {
            check_can_sleep();
            Sleeper self{.object = kRcu, .task = &kernel().tasks->current()};
            kernel().locks->sleepers().add(self);
            kernel().tasks->sleep(TASK_UNINTERRUPTIBLE, function, kRcu);
            if (self.is_queued) kernel().locks->sleepers().remove(self);
            machine().step_global(0);
        } else {
            machine().step({.kind = OperationKind::Sync,
                            .footprint = {.scope = Scope::Global},
                            .is_ready = &RcuService::is_quiet,
                            .ready_argument = this});
        }
        advance();
    }
    emit_acquire(&g_edges.readers_left);
}

// ---- callbacks
// -------------------------------------------------------------------------------------------------------------

void RcuService::queue(Callback callback) {
    machine().step_global(0);
    if (callback.head != nullptr) {
        note_object(callback.head, sizeof *callback.head, "call_rcu");
        if (std::ranges::find(callbacks_, callback.head, &Callback::head) != callbacks_.end())
            emit_misuse("rcu-misuse", trace::Severity::Error,
                        "call_rcu() on an object whose callback is still queued", callback.head);
        callback.head->func = callback.function;
    }
    emit_release(callback.object);
    callback.number = ++callbacks_queued_;
    callback.cpu = machine().cpu();
    callback.grace_period = begin_grace_period(callback.domain);
    callbacks_.push_back(callback);
    advance();
}

// For each CPU that has callbacks whose time has come or will come without a reader's doing.
void RcuService::schedule_callbacks() {
    for (const Callback& callback : callbacks_) {
        machine::TimerEvent& timer = timers_[callback.cpu.index()];
        if (timer.is_armed) continue;
        const auto period =
            std::ranges::find(pending_, callback.grace_period, &GracePeriod::number);
        if (period != pending_.end() && has_blocking_reader(*period)) continue;
        const bool is_online = machine().online().test(callback.cpu.index());
        machine().arm(timer, machine().now() + tick_ns(), is_online ? callback.cpu : CpuId(0));
    }
}

bool RcuService::is_ready(const Callback& callback) const {
    const bool is_orphan = !machine().online().test(callback.cpu.index());
    return (callback.cpu == machine().cpu() || is_orphan) && is_over(callback.grace_period);
}

void RcuService::on_timer(machine::TimerEvent& event) {
    machine().step_global(0);
    auto& self = *static_cast<RcuService*>(event.owner);
    self.advance(&machine().current());
    bool has_rcu = false, has_srcu = false;
    for (const Callback& callback : self.callbacks_)
        if (self.is_over(callback.grace_period))
            (callback.domain == kRcu ? has_rcu : has_srcu) = true;
    if (has_rcu) machine().raise_softirq(RCU_SOFTIRQ);
    if (has_srcu)
        queue_work_on(machine().cpu().value, system_wq, &self.srcu_works_[machine().cpu().index()]);
}

// In a worker, as in Linux: SRCU callbacks run in task context with softirqs off.
void RcuService::run_srcu_callbacks(work_struct*) {
    kernel().rcu->run_callbacks(CallbackKind::Srcu);
}

// RCU callbacks in softirq context.
void RcuService::run_callbacks(CallbackKind kind) {
    for (;;) {  // ends: each turn takes a callback away; those that come meanwhile wait for a later
                // grace period
        machine().step_global(0);
        const auto ready = std::ranges::find_if(callbacks_, [&](const Callback& callback) {
            return (callback.domain == kRcu) == (kind == CallbackKind::Rcu) && is_ready(callback);
        });
        if (ready == callbacks_.end()) break;
        const Callback callback = *ready;
        callbacks_.erase(ready);
        emit_acquire(&g_edges.readers_left);
        emit_acquire(callback.object);
        if (kind == CallbackKind::Srcu) local_bh_disable();
        invoke(callback);
        if (kind == CallbackKind::Srcu) local_bh_enable();
        emit_release(&g_edges.callbacks);
        if (kernel().locks->sleepers().first(&callbacks_) != nullptr) {
            machine().step_global(0);
            kernel().locks->sleepers().wake_all(&callbacks_);
        }
    }
    advance();
}

void RcuService::invoke(const Callback& callback) {
    if (callback.function == nullptr) {
        kfree(callback.object);
        return;
    }
    note_object(callback.head, sizeof *callback.head, "call_rcu");
    call_module("RCU callback", callback.function, callback.head);
}

void RcuService::wait_for_callbacks(const void* domain, const char* function) {
    machine().step_global(0);
    const uint64_t last = callbacks_queued_;
    const auto is_awaited = [&](const Callback& callback) {
        return callback.domain == domain && callback.number <= last;
    };
    while (std::ranges::any_of(callbacks_, is_awaited)) {  // ends: the callbacks run
        check_can_sleep();
        Sleeper self{.object = &callbacks_, .task = &kernel().tasks->current()};
        kernel().locks->sleepers().add(self);
        kernel().tasks->sleep(TASK_UNINTERRUPTIBLE, function, &callbacks_);
        if (self.is_queued) kernel().locks->sleepers().remove(self);
        machine().step_global(0);
    }
    emit_acquire(&g_edges.callbacks);
}

}  // namespace kloom::kernel
