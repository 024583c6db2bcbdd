#include "detect/preempt_imbalance.hpp"

namespace kloom::detect {

using trace::Event;
using trace::EventKind;
using trace::Severity;

namespace {

// What of preempt_count a function may not change: hardirq bits are the machine's.
constexpr uint32_t kBalancedMask = trace::kPreemptMask | trace::kSoftirqMask;

// Whether more was taken from the counts than there was. The machine leaves the count alone then,
// as Linux does, so the change is none; a count below zero is recognised too.
bool is_underflow(const Event& event) {
    const uint32_t before = old_preempt_count(event);
    const uint32_t taken = before - event.info->preempt_count;
    if (taken == 0) return event.info->irqs_disabled == old_irqs_disabled(event);
    if (taken >= trace::kHardirqOffset) return false;  // an increment
    const bool is_preempt_only = taken < trace::kPreemptMask;
    return (before & (is_preempt_only ? trace::kPreemptMask : kBalancedMask)) < taken;
}

}  // namespace

uint64_t PreemptImbalance::interests() const {
    return trace::interests_of(EventKind::CallbackEnter, EventKind::CallbackReturn,
                               EventKind::ContextChange, EventKind::ReturnToUser,
                               EventKind::PathBegin);
}

void PreemptImbalance::on_event(const Event& event) {
    if (event.path == trace::kNoPath || event.info == nullptr) return;
    State& state = paths_[event.path];
    switch (event.kind) {
        case EventKind::PathBegin:
            state.clear();
            break;
        case EventKind::CallbackEnter:
            on_enter(event, state);
            break;
        case EventKind::CallbackReturn:
            on_return(event, state);
            break;
        case EventKind::ReturnToUser:
            on_return_to_user(event, state);
            break;
        default:
            on_change(event);
            break;
    }
}

void PreemptImbalance::on_enter(const Event& event, State& state) {
    Call& call = state.calls.emplace_back();
    call.preempt_count = event.info->preempt_count;
    call.irqs_disabled = event.info->irqs_disabled;
    call.site = site_of(event);
    for (size_t i = 0; event.text != nullptr && event.text[i] != '\0' && i + 1 < sizeof call.kind;
         ++i)
        call.kind[i] = event.text[i];
}

void PreemptImbalance::on_return(const Event& event, State& state) {
    if (state.calls.empty()) return;
    const Call call = state.calls.back();
    state.calls.pop_back();
    const bool is_repair = state.is_left_off && (event.info->preempt_count & kBalancedMask) == 0;
    state.is_reported |= !is_repair && compare(event, call);
}

void PreemptImbalance::on_return_to_user(const Event& event, State& state) {
    Call user;
    for (size_t i = 0; event.text != nullptr && event.text[i] != '\0' && i + 1 < sizeof user.kind;
         ++i)
        user.kind[i] = event.text[i];
    if (!state.is_reported && !state.is_left_off) compare(event, user);
    state.is_reported = false;
    state.is_left_off = (event.info->preempt_count & kBalancedMask) != 0;
}

// Returns whether the context differs from that of the call.
bool PreemptImbalance::compare(const Event& event, const Call& call) {
    const uint32_t before = call.preempt_count & kBalancedMask;
    const uint32_t now = event.info->preempt_count & kBalancedMask;
    const Site cause = history_.first_since(event.path, call.site.number);
    const std::string who = std::string("{0}'s ") + (call.kind[0] != '\0' ? call.kind : "function");
    if (now != before) {
        const bool is_preempt = (now & trace::kPreemptMask) != (before & trace::kPreemptMask);
        const std::string what = is_preempt ? "preemption" : "softirqs";
        report("preempt-imbalance",
               who + (now > before ? " returns with " + what + " still off"
                                   : " enables " + what + " once too often"),
               event, cause, now > before ? "switched off here" : "changed here");
    }
    if (event.info->irqs_disabled != call.irqs_disabled)
        report("irq-imbalance",
               who + (call.irqs_disabled ? " enables interrupts that its caller keeps off"
                                         : " returns with interrupts still off"),
               event, call.irqs_disabled ? cause : history_.irqs_off(event.path),
               call.irqs_disabled ? "changed here" : "switched off here");
    return now != before || event.info->irqs_disabled != call.irqs_disabled;
}

void PreemptImbalance::on_change(const Event& event) {
    if (!is_underflow(event)) return;
    paths_[event.path].is_reported = true;
    report("preempt-imbalance", "{0} enables preemption more often than it disabled it", event,
           Site(), "");
}

// The place to look at is where the context was changed, if that is known, rather than where the
// function returns.
void PreemptImbalance::report(const char* id, const std::string& message, const Event& event,
                              const Site& cause, const char* cause_role) {
    const Site here = site_of(event);
    const Site first = cause.is_known() ? cause : here;
    const Site second = cause.is_known() ? here : Site();
    if (!wants(context_.sink, id, Severity::Error, first, second)) return;
    trace::Finding finding;
    finding.id = id;
    finding.severity = Severity::Error;
    finding.message = message;
    finding.sites.push_back(
        finding_site(first, cause.is_known() ? cause_role : "enables preemption"));
    if (second.is_known()) finding.sites.push_back(finding_site(second, "returns"));
    context_.sink.report(std::move(finding));
}

}  // namespace kloom::detect
