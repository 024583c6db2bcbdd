#include "explore/class_search.hpp"

#include <algorithm>
#include <set>

namespace kloom::explore {

using trace::OperationKind;

namespace {

bool is_part_of(const Cut& part, const Cut& whole) {
    return std::equal(part.begin(), part.end(), whole.begin(), std::less_equal<>());
}

void add_last_ids(const EventStructure& seen, const Cut& cut, std::vector<EventId>& ids) {
    for (Process process = 0; process < cut.size(); ++process)
        if (cut[process] != 0) ids.push_back(seen.id(seen.event_of(process, cut[process] - 1u)));
}

void add_ids_of_waits(const EventStructure& seen, const Cut& cut, std::vector<EventId>& ids) {
    for (Process process = 0; process < cut.size(); ++process)
        if (seen.step_after(process, cut[process]) != nullptr)
            ids.push_back(seen.id_of_wait(cut, process));
}

// Calls `visit` with every cut between `least` and `cut`, larger ones first, until it returns false
// for one: then nothing below that one is of interest for its sake.
template <class Visit>
void for_each_cut_below(const EventStructure& seen, const Cut& cut, const Cut& least,
                        const Visit& visit) {
    std::vector<Cut> queue = {cut};
    std::set<Cut> queued = {cut};
    for (size_t at = 0; at < queue.size(); ++at) {  // ends: there are finitely many cuts
        const Cut now = queue[at];
        if (!visit(now)) continue;
        for (Process process = 0; process < now.size(); ++process) {
            if (now[process] == least[process]) continue;
            Cut smaller = now;
            --smaller[process];
            seen.close(smaller);
            if (is_part_of(least, smaller) && queued.insert(smaller).second)
                queue.push_back(std::move(smaller));
        }
    }
}

}  // namespace

std::optional<Plan> ClassSearch::next() {
    if (seen_.empty()) return Plan();
    while (!targets_.empty()) {
        const Target target = std::move(targets_.back());
        targets_.pop_back();
        if (!was_seen(target)) return target.plan;
    }
    return std::nullopt;
}

bool ClassSearch::was_seen(const Target& target) const {
    const auto found = seen_by_id_.find(target.ids.front());
    if (found == seen_by_id_.end()) return false;
    return std::any_of(found->second.begin(), found->second.end(), [&](size_t execution) {
        return std::all_of(target.ids.begin(), target.ids.end(),
                           [&](EventId id) { return seen_[execution].contains(id); });
    });
}

void ClassSearch::add(Execution execution) {
    const EventStructure seen(std::move(execution));
    const Cut whole = seen.whole();
    std::vector<EventId> waits;
    add_ids_of_waits(seen, whole, waits);

    std::unordered_set<EventId>& ids = seen_.emplace_back(waits.begin(), waits.end());
    for (size_t event = 0; event < seen.events(); ++event) ids.insert(seen.id(event));
    for (const EventId id : ids) seen_by_id_[id].push_back(seen_.size() - 1);

    for (size_t event = 0; event < seen.events(); ++event)
        reverse_races(seen, seen.step(event).process, seen.index_in_process(event), event);
    for (const Step& pending : seen.execution().pending) {
        reverse_races(seen, pending.process, whole[pending.process], seen.events());
        let_in(seen, pending.process);
    }
    for (size_t event = 0; event < seen.events(); ++event)
        if (seen.step(event).kind == OperationKind::Acquire) block(seen, event);
    if (!waits.empty()) aim_at_deadlocks(seen, whole, Cut(seen.processes(), 0));
}

// Targets in which step `index` of the process comes before an event that it depends on; those
// before `end` count.
void ClassSearch::reverse_races(const EventStructure& seen, Process process, size_t index,
                                size_t end) {
    const Step& step = *seen.step_after(process, index);
    std::vector<size_t> dependences;
    for (size_t event = 0; event < end; ++event)
        if (seen.step(event).process != process && depends(seen.step(event), step))
            dependences.push_back(event);
    for (const size_t event : dependences) {
        const bool is_before_own =
            index != 0 && seen.depends_on(seen.event_of(process, index - 1), event);
        const bool is_before_another = std::any_of(
            dependences.begin(), dependences.end(),
            [&](size_t other) { return other != event && seen.depends_on(other, event); });
        if (!is_before_own && !is_before_another) aim(seen, seen.without(event), process, index);
    }
}

// Targets in which a process that others of its CPU kept from going on comes before they did.
void ClassSearch::let_in(const EventStructure& seen, Process process) {
    const std::vector<ProcessInfo>& processes = seen.execution().processes;
    for (size_t event = 0; event < seen.events(); ++event) {
        const Step& step = seen.step(event);
        if (step.process != process &&
            excludes(processes[step.process], step.after, processes[process]))
            aim(seen, seen.without(event), process, seen.steps_of(process));
    }
}

// Targets in which who took the lock comes while another still holds it, and that is a deadlock.
void ClassSearch::block(const EventStructure& seen, size_t acquire) {
    const Step& step = seen.step(acquire);
    const size_t index = seen.index_in_process(acquire);
    size_t taken = seen.events();
    for (size_t event = 0; event < acquire; ++event) {
        const Step& earlier = seen.step(event);
        if (earlier.footprint.address != step.footprint.address) continue;
        if (earlier.kind == OperationKind::Acquire) taken = event;
        if (earlier.kind != OperationKind::Release || earlier.process == step.process) continue;
        if (index != 0 && seen.depends_on(seen.event_of(step.process, index - 1), event)) continue;
        Cut cut = seen.without(event);
        cut[step.process] = std::min(cut[step.process], static_cast<uint16_t>(index));
        seen.close(cut);
        Cut least(seen.processes(), 0);
        least[step.process] = static_cast<uint16_t>(index);
        least[earlier.process] = static_cast<uint16_t>(seen.index_in_process(taken) + 1);
        if (is_part_of(least, cut)) aim_at_deadlocks(seen, cut, least);
    }
}

// Targets for the process's step after the largest feasible parts of the cut.
void ClassSearch::aim(const EventStructure& seen, Cut cut, Process process, size_t index) {
    if (cut[process] < index) return;
    cut[process] = static_cast<uint16_t>(index);
    seen.close(cut);
    Cut least(seen.processes(), 0);
    least[process] = static_cast<uint16_t>(index);
    if (!is_part_of(least, cut)) return;
    std::vector<Cut> found;
    for_each_cut_below(seen, cut, least, [&](const Cut& part) {
        if (std::any_of(found.begin(), found.end(),
                        [&](const Cut& larger) { return is_part_of(part, larger); }))
            return false;
        Target target{{}, {seen.id_after(part, process)}};
        add_last_ids(seen, part, target.ids);
        if (!was_seen(target)) {
            std::optional<Plan> plan = seen.linearise(part, process);
            if (!plan) return true;
            target.plan = *std::move(plan);
            target.plan.push_back(process);
            targets_.push_back(std::move(target));
        }
        found.push_back(part);
        return false;
    });
}

void ClassSearch::aim_at_deadlocks(const EventStructure& seen, Cut cut, const Cut& least) {
    for_each_cut_below(seen, cut, least, [&](const Cut& part) {
        if (!seen.is_deadlock(part)) return true;
        Target target;
        add_ids_of_waits(seen, part, target.ids);
        add_last_ids(seen, part, target.ids);
        if (was_seen(target)) return true;
        if (std::optional<Plan> plan = seen.linearise(part, std::nullopt)) {
            target.plan = *std::move(plan);
            targets_.push_back(std::move(target));
        }
        return true;
    });
}

}  // namespace kloom::explore
