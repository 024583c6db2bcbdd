#include "explore/sleep_sets.hpp"

#include <algorithm>

namespace kloom::explore {

bool SleepSetSearch::begin_execution() {
    depth_ = 0;
    schedule_.clear();
    return !is_complete_ && !has_diverged_;
}

bool SleepSetSearch::is_asleep(const Node& node, const trace::Alternative& alternative) {
    return std::any_of(
        node.sleep.begin(), node.sleep.end(), [&](const trace::Alternative& sleeping) {
            return sleeping.choice == alternative.choice && sleeping.path == alternative.path;
        });
}

void SleepSetSearch::inherit_sleep(const Node& parent, Node& child) const {
    const trace::Alternative& taken = parent.alternatives[parent.chosen];
    child.sleep.clear();
    for (const trace::Alternative& sleeping : parent.sleep)
        if (!trace::conflicts(sleeping.footprint, taken.footprint)) child.sleep.push_back(sleeping);
}

size_t SleepSetSearch::choose(const trace::ChoicePoint& point) {
    if (depth_ < size_) {
        const Node& node = branch_[depth_++];
        if (node.alternatives.size() != point.alternatives.size() ||
            node.alternatives[node.chosen].choice != point.alternatives[node.chosen].choice) {
            has_diverged_ = true;
            return kAbandon;
        }
        return take(point, node.chosen);
    }
    if (size_ == branch_.size()) branch_.emplace_back();
    Node& node = branch_[size_];
    node.alternatives.assign(point.alternatives.begin(), point.alternatives.end());
    node.sleep.clear();
    if (size_ > 0) inherit_sleep(branch_[size_ - 1], node);
    const auto awake = std::find_if(
        node.alternatives.begin(), node.alternatives.end(),
        [&](const trace::Alternative& alternative) { return !is_asleep(node, alternative); });
    if (awake == node.alternatives.end()) return kAbandon;
    node.chosen = static_cast<size_t>(awake - node.alternatives.begin());
    ++size_;
    ++depth_;
    return take(point, node.chosen);
}

void SleepSetSearch::end_execution(const trace::ExecutionSummary&) {
    size_ = depth_;
    for (; size_ != 0; --size_) {
        Node& node = branch_[size_ - 1];
        node.sleep.push_back(node.alternatives[node.chosen]);
        const auto next = std::find_if(
            node.alternatives.begin(), node.alternatives.end(),
            [&](const trace::Alternative& alternative) { return !is_asleep(node, alternative); });
        if (next == node.alternatives.end()) continue;
        node.chosen = static_cast<size_t>(next - node.alternatives.begin());
        return;
    }
    is_complete_ = !has_diverged_;
}

}  // namespace kloom::explore
