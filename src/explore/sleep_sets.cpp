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

std::optional<uint32_t> SleepSetSearch::first_awake(const Node& node, size_t from) {
    for (size_t index = from; index < node.alternatives.size(); ++index)
        if (!is_asleep(node, node.alternatives[index])) return static_cast<uint32_t>(index);
    return std::nullopt;
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
    const bool is_given = depth_ < part_.path.size();
    std::optional<uint32_t> chosen = first_awake(node, 0);
    // Whoever ran the alternatives before the given one, they sleep as if it had been here.
    while (is_given && chosen && *chosen < part_.path[depth_]) {
        node.sleep.push_back(node.alternatives[*chosen]);
        chosen = first_awake(node, *chosen + 1);
    }
    if (is_given && chosen != part_.path[depth_]) has_diverged_ = true;
    if (!chosen || has_diverged_) return kAbandon;
    node.chosen = *chosen;
    ++size_;
    ++depth_;
    return take(point, node.chosen);
}

void SleepSetSearch::end_execution(const trace::ExecutionSummary&) {
    size_ = depth_;
    part_.path.clear();  // says where the first execution goes
    for (; size_ > part_.floor; --size_) {
        Node& node = branch_[size_ - 1];
        node.sleep.push_back(node.alternatives[node.chosen]);
        const std::optional<uint32_t> next = first_awake(node, node.chosen + 1);
        if (!next) continue;
        node.chosen = *next;
        return;
    }
    is_complete_ = !has_diverged_;
}

// What comes after the chosen alternative: those before it sleep already, it does not yet.
std::optional<uint32_t> SleepSetSearch::next_at(size_t depth) const {
    return first_awake(branch_[depth], branch_[depth].chosen + 1);
}

// Those that sleep count as done: what they lead to is known.
double SleepSetSearch::progress() const {
    return share_before(size_, [&](size_t depth) {
        const Node& node = branch_[depth];
        return std::pair<size_t, size_t>(std::min(node.sleep.size(), node.alternatives.size()),
                                         node.alternatives.size());
    });
}

std::vector<Part> SleepSetSearch::split() {
    std::vector<uint32_t> path;
    for (size_t depth = 0; depth < size_; ++depth)
        path.push_back(static_cast<uint32_t>(branch_[depth].chosen));
    is_complete_ = true;
    return split_branch(part_.floor, path, [&](size_t depth) { return next_at(depth); });
}

void SleepSetSearch::take_part(const Part& part) {
    part_ = BranchPart::of(part);
    size_ = 0;
    is_complete_ = false;
}

}  // namespace kloom::explore
