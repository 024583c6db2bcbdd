#include "trace/recording.hpp"

#include <algorithm>
#include <cstring>
#include <tuple>

namespace kloom::trace {
namespace {

constexpr PathInfo kNoInfo;
// A path goes back and forth between few states; older ones are not looked for.
constexpr size_t kStatesCompared = 4;

bool is_same(const PathInfo& a, const PathInfo& b) {
    const auto words = [](const PathInfo& info) {
        return std::tie(info.id, info.kind, info.irqs_disabled, info.is_user, info.is_bound,
                        info.cpu, info.preempt_count, info.line, info.pid, info.migrations,
                        info.interrupted);
    };
    return words(a) == words(b) && std::strcmp(a.name, b.name) == 0;
}

}  // namespace

const PathInfo& RecordedEvent::info() const {
    return event.info != nullptr ? *event.info : kNoInfo;
}

RecordedEvent& Recording::add(const Event& event) {
    events.push_back({event});
    RecordedEvent& recorded = events.back();
    recorded.event.text = keep(event.text);
    recorded.event.detail = keep(event.detail);
    if (event.info != nullptr) recorded.event.info = keep(*event.info);
    return recorded;
}

const PathInfo* Recording::keep(const PathInfo& state) {
    if (state.id.index() >= states_.size()) states_.resize(state.id.index() + 1);
    std::deque<PathInfo>& states = states_[state.id.index()];
    if (states.empty()) paths.push_back(state);
    const auto end =
        states.rbegin() + static_cast<ptrdiff_t>(std::min(states.size(), kStatesCompared));
    const auto known = std::find_if(states.rbegin(), end,
                                    [&](const PathInfo& other) { return is_same(state, other); });
    return known != end ? &*known : &states.emplace_back(state);
}

}  // namespace kloom::trace
