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
        const uint32_t chosen = depth_ < part_.path.size() ? part_.path[depth_] : 0;
        branch_.push_back({point.position, static_cast<uint32_t>(costs_.size()),
                           static_cast<uint16_t>(count), static_cast<uint16_t>(chosen), cost_});
        for (const trace::Alternative& alternative : point.alternatives)
            costs_.push_back(alternative.cost);
    }
    const Node& node = branch_[depth_++];
    if (node.position != point.position || node.alternatives != count || node.chosen >= count) {
        has_diverged_ = true;
        return kAbandon;
    }
    cost_ = node.cost_before + costs_[node.first_cost + node.chosen];
    return take(point, node.chosen);
}

void BoundedSearch::end_execution(const trace::ExecutionSummary&) {
    branch_.resize(depth_);
    part_.path.clear();  // says where the first execution goes
    while (branch_.size() > part_.floor) {
        Node& node = branch_.back();
        costs_.resize(node.first_cost + node.alternatives);
        if (const std::optional<uint16_t> next = next_alternative(node)) {
            node.chosen = *next;
            return;
        }
        costs_.resize(node.first_cost);
        branch_.pop_back();
    }
    is_complete_ = !has_diverged_;
}

std::optional<uint16_t> BoundedSearch::next_alternative(const Node& node) {
    for (uint16_t next = node.chosen + 1u; next < node.alternatives; ++next) {
        if (node.cost_before + costs_[node.first_cost + next] <= bound_) return next;
        bound_was_hit_ = true;
    }
    return std::nullopt;
}

double BoundedSearch::progress() const {
    return share_before(branch_.size(), [&](size_t depth) {
        const Node& node = branch_[depth];
        std::pair<size_t, size_t> share = {0, 0};  // done, all
        for (size_t index = 0; index < node.alternatives; ++index) {
            if (node.cost_before + costs_[node.first_cost + index] > bound_) continue;
            if (index < node.chosen) ++share.first;
            ++share.second;
        }
        return share;
    });
}

std::vector<Part> BoundedSearch::split() {
    std::vector<uint32_t> path;
    for (const Node& node : branch_) path.push_back(node.chosen);
    is_complete_ = true;
    return split_branch(part_.floor, path,
                        [&](size_t depth) { return next_alternative(branch_[depth]); });
}

void BoundedSearch::take_part(const Part& part) {
    part_ = BranchPart::of(part);
    branch_.clear();
    costs_.clear();
    is_complete_ = bound_was_hit_ = false;
}

}  // namespace kloom::explore
