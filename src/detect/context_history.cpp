#include "detect/context_history.hpp"

namespace kloom::detect {

using trace::Event;
using trace::EventKind;
using trace::PathId;

uint64_t ContextHistory::interests() const {
    return trace::interests_of(EventKind::ContextChange, EventKind::PathBegin);
}

void ContextHistory::on_event(const Event& event) {
    if (event.path == trace::kNoPath || event.info == nullptr) return;
    State& state = paths_[event.path];
    if (event.kind == EventKind::PathBegin) {  // handlers use their id again and again
        state.clear();
        return;
    }
    const uint32_t before = old_preempt_count(event);
    const uint32_t now = event.info->preempt_count;
    state.last_change = site_of(event);
    if (now > before) {
        state.raises.push_back({.count_before = before, .site = site_of(event)});
    } else {
        while (!state.raises.empty() && state.raises.back().count_before >= now)
            state.raises.pop_back();
    }
    if (event.info->irqs_disabled != old_irqs_disabled(event))
        state.irqs_off = event.info->irqs_disabled ? site_of(event) : Site();
}

Site ContextHistory::outermost(PathId path) const {
    const State* state = paths_.find(path);
    if (state == nullptr) return {};
    if (state->raises.empty()) return state->irqs_off;
    const Site& raised = state->raises.front().site;
    return state->irqs_off.is_known() && state->irqs_off.number < raised.number ? state->irqs_off
                                                                                : raised;
}

Site ContextHistory::first_since(PathId path, uint64_t since) const {
    const State* state = paths_.find(path);
    if (state == nullptr) return {};
    for (const Raise& raise : state->raises)
        if (raise.site.number > since) return raise.site;
    return state->last_change.number > since ? state->last_change : Site();
}

Site ContextHistory::irqs_off(PathId path) const {
    const State* state = paths_.find(path);
    return state != nullptr ? state->irqs_off : Site();
}

}  // namespace kloom::detect
