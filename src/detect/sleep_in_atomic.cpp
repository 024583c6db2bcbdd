#include "detect/sleep_in_atomic.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace kloom::detect {

using trace::Event;
using trace::EventKind;
using trace::PathKind;
using trace::Severity;

namespace {

// Functions that sleep only when the lock is taken.
constexpr std::array<std::string_view, 5> kLockFunctions = {"mutex_lock", "down", "rt_mutex_lock",
                                                            "ww_mutex_lock", "percpu_down"};

bool takes_a_lock(const char* function) {
    if (function == nullptr) return false;
    return std::any_of(kLockFunctions.begin(), kLockFunctions.end(), [&](std::string_view name) {
        return std::string_view(function).starts_with(name);
    });
}

}  // namespace

const char* SleepInAtomic::reason(const Event& event, Site& cause) const {
    const trace::PathInfo& path = *event.info;
    if (path.kind == PathKind::Hardirq) return "in an interrupt handler";
    if (path.kind == PathKind::Softirq) return "in a softirq handler";
    if (!path.is_preemptible()) {
        cause = history_.outermost(event.path);
        if (path.in_hardirq()) return "in an interrupt handler";
        if (path.in_serving_softirq()) return "in a softirq handler";
        if (path.irqs_disabled) return "with interrupts off";
        return path.bh_disabled() ? "with softirqs off" : "with preemption off";
    }
    if (const HeldLock* lock =
            locks_.spinlock(event.path)) {  // kept since an earlier system call, say
        cause = lock->acquired;
        return "under a spinlock";
    }
    if (const HeldLock* reader = locks_.rcu_reader(event.path)) {
        cause = reader->acquired;
        return "inside an RCU read-side section";
    }
    return nullptr;
}

void SleepInAtomic::on_event(const Event& event) {
    if (event.info == nullptr) return;
    Site cause;
    const char* why = reason(event, cause);
    if (why == nullptr) return;

    const bool is_handler = event.info->kind != PathKind::Task;
    const bool sleeps = event.kind == EventKind::PathBlock || event.flags != 0;
    const bool may_go_well = is_handler && !sleeps && takes_a_lock(event.text);
    const Severity severity = may_go_well ? Severity::Warning : Severity::Error;
    const Site here = site_of(event);
    // A handler that blocks after all is a defect of its own, which cannot be survived.
    if (event.kind == EventKind::PathBlock && is_handler) cause = here;
    if (!wants(context_.sink, "sleep-in-atomic", severity, here, cause)) return;

    trace::Finding finding;
    finding.id = "sleep-in-atomic";
    finding.severity = severity;
    finding.message = "{0} calls " + text_of(event.text, "a function") + "(), which " +
                      (sleeps ? "sleeps" : "may sleep") + ", " + why;
    finding.sites.push_back(finding_site(here, sleeps ? "sleeps" : "may sleep"));
    if (cause.is_known())
        finding.sites.push_back(
            finding_site(cause, is_handler ? "sleeps" : "must not sleep from here on"));
    finding.ends_execution = is_handler && sleeps;
    context_.sink.report(std::move(finding));
}

}  // namespace kloom::detect
