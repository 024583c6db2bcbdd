#include "explore/bounded.hpp"

#include <algorithm>

namespace kloom::explore {

bool BoundedSearch::begin_execution() {
    depth_ = 0;
    cost_ = 0;
    schedule_.clear();
    return !is_complete_ && !has_diverged_;
}

bool BoundedSearch::leaves_choice(const trace::ChoicePoint& point) const {
    return std::any_of(
        point.alternatives.begin() + 1, point.alternatives.end(),
        [&](const trace::Alternative& alternative) { return cost_ + alternative.cost <= bound_; });
}

size_t BoundedSearch::choose(const trace::ChoicePoint& point) {
    const size_t count = point.alternatives.size();
    if (!leaves_choice(point)) {
        bound_was_hit_ = true;
        cost_ += point.alternatives[0].cost;
        return take(point, 0);
    }
    if (depth_ == branch_.size()) {
        branch_.push_back({point.position, static_cast<uint32_t>(costs_.size()),
                           static_cast<uint16_t>(count), 0, cost_});
        for (const trace::Alternative& alternative : point.alternatives)
            costs_.push_back(alternative.cost);
    }
    const Node& node = branch_[depth_++];
    if (node.position != point.position || node.alternatives != count) {
        has_diverged_ = true;
        return kAbandon;
    }
    cost_ = node.cost_before + costs_[node.first_cost + node.chosen];
    return take(point, node.chosen);
}

void BoundedSearch::end_execution(const trace::ExecutionSummary&) {
    branch_.resize(depth_);
    while (!branch_.empty()) {
        Node& node = branch_.back();
        if (next_alternative(node)) return;
        costs_.resize(node.first_cost);
        branch_.pop_back();
    }
    is_complete_ = !has_diverged_;
}

bool BoundedSearch::next_alternative(Node& node) {
    costs_.resize(node.first_cost + node.alternatives);
    while (++node.chosen < node.alternatives) {
        if (node.cost_before + costs_[node.first_cost + node.chosen] <= bound_) return true;
        bound_was_hit_ = true;
    }
    return false;
}

}  // namespace kloom::explore
