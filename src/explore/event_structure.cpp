#include "explore/event_structure.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "base/prng.hpp"

namespace kloom::explore {

using trace::OperationKind;

namespace {

constexpr EventId kWait = 0x57;  // tells a wait from the step that follows it

constexpr EventId mix(EventId x) {
    return base::Prng(x).next();
}

constexpr EventId chain(EventId hash, EventId more) {
    return mix(hash ^ mix(more));
}

}  // namespace

EventStructure::EventStructure(Execution execution)
    : execution_(std::move(execution)), by_process_(processes()), pending_(processes(), nullptr) {
    for (const Step& step : execution_.pending) pending_[step.process] = &step;
    ids_.reserve(events());
    pasts_.reserve(events());
    for (size_t event = 0; event < events(); ++event) {
        const Step& now = step(event);
        std::vector<size_t>& own = by_process_[now.process];
        Cut past = own.empty() ? Cut(processes(), 0) : pasts_[own.back()];
        EventId dependences = 0;  // a sum: their order among themselves is in their ids
        for (size_t earlier = 0; earlier < event; ++earlier) {
            if (step(earlier).process == now.process || !depends(step(earlier), now)) continue;
            dependences += mix(ids_[earlier]);
            for (size_t process = 0; process < past.size(); ++process)
                past[process] = std::max(past[process], pasts_[earlier][process]);
        }
        ids_.push_back(id_with(now, own.size(), id_before(now.process, own.size()), dependences));
        own.push_back(event);
        past[now.process] = static_cast<uint16_t>(own.size());
        pasts_.push_back(std::move(past));
    }
}

EventId EventStructure::id_before(Process process, size_t index) const {
    return index == 0 ? 0 : ids_[by_process_[process][index - 1]];
}

EventId EventStructure::id_with(const Step& step, size_t index, EventId before,
                                EventId dependences) const {
    EventId id = chain(before, step.process);
    id = chain(id, index);
    id = chain(id, static_cast<EventId>(step.kind) * 2 + (step.footprint.is_write ? 1 : 0));
    id = chain(id, step.footprint.address);
    return chain(id, dependences);
}

const Step* EventStructure::step_after(Process process, size_t index) const {
    return index < steps_of(process) ? &step(event_of(process, index)) : pending_[process];
}

bool EventStructure::depends_on(size_t later, size_t earlier) const {
    return pasts_[later][step(earlier).process] > index_in_process(earlier);
}

// ---- cuts ---------------------------------------------------------------------------------------

Cut EventStructure::whole() const {
    Cut cut;
    for (const auto& own : by_process_) cut.push_back(static_cast<uint16_t>(own.size()));
    return cut;
}

Cut EventStructure::without(size_t event) const {
    Cut cut = whole();
    for (Process process = 0; process < processes(); ++process)
        while (cut[process] != 0 && depends_on(event_of(process, cut[process] - 1u), event))
            --cut[process];
    return cut;
}

void EventStructure::close(Cut& cut) const {
    for (bool changed = true; changed;) {  // ends: each round but the last makes the cut smaller
        changed = false;
        for (Process process = 0; process < processes(); ++process) {
            const auto is_closed = [&] {
                const Cut& past = pasts_[event_of(process, cut[process] - 1u)];
                return std::equal(past.begin(), past.end(), cut.begin(), std::less_equal<>());
            };
            for (; cut[process] != 0 && !is_closed(); changed = true) --cut[process];
        }
    }
}

EventId EventStructure::id_after(const Cut& cut, Process process) const {
    const Step& next = *step_after(process, cut[process]);
    EventId dependences = 0;
    for (size_t event = 0; event < events(); ++event)
        if (step(event).process != process && contains(cut, event) && depends(step(event), next))
            dependences += mix(ids_[event]);
    return id_with(next, cut[process], id_before(process, cut[process]), dependences);
}

EventId EventStructure::id_of_wait(const Cut& cut, Process process) const {
    const Step& next = *step_after(process, cut[process]);
    EventId holding = 0;
    if (next.kind == OperationKind::Acquire)
        if (const size_t event = holder(cut, next.footprint.address); event != events())
            holding = ids_[event];
    return chain(chain(id_before(process, cut[process]), process + kWait), holding);
}

bool EventStructure::is_deadlock(const Cut& cut) const {
    bool someone_waits = false;
    for (Process process = 0; process < processes(); ++process) {
        if (step_after(process, cut[process]) == nullptr) continue;
        if (can_step(cut, process)) return false;
        someone_waits = true;
    }
    return someone_waits;
}

// ---- who can step -------------------------------------------------------------------------------

Standing EventStructure::standing(const Cut& done, Process process) const {
    return done[process] == 0 ? Standing() : step(event_of(process, done[process] - 1u)).after;
}

size_t EventStructure::holder(const Cut& done, uintptr_t lock) const {
    size_t taken = events();
    for (Process process = 0; process < processes(); ++process) {
        size_t own = events();
        for (size_t index = 0; index < done[process]; ++index) {
            const Step& past = step(event_of(process, index));
            if (past.footprint.address != lock) continue;
            if (past.kind == OperationKind::Acquire) own = event_of(process, index);
            if (past.kind == OperationKind::Release) own = events();
        }
        if (own != events()) taken = own;
    }
    return taken;
}

bool EventStructure::can_step(const Cut& done, Process process) const {
    const Step* next = step_after(process, done[process]);
    if (next == nullptr) return false;
    const ProcessInfo& info = execution_.processes[process];
    for (Process other = 0; other < processes(); ++other)
        if (other != process && excludes(execution_.processes[other], standing(done, other), info))
            return false;
    return next->kind != OperationKind::Acquire ||
           holder(done, next->footprint.address) == events();
}

// Depth-first, the order of the execution first. What can step depends on how far each process is,
// not on the way there, so every such state is visited once.
std::optional<Plan> EventStructure::linearise(const Cut& cut, std::optional<Process> next) const {
    Cut done(processes(), 0);
    Plan plan;
    std::set<Cut> visited;
    const auto search = [&](const auto& self) -> bool {
        if (done == cut) return !next || can_step(done, *next);
        if (!visited.insert(done).second) return false;
        std::vector<size_t> candidates;
        for (Process process = 0; process < processes(); ++process)
            if (done[process] < cut[process])
                candidates.push_back(event_of(process, done[process]));
        std::sort(candidates.begin(), candidates.end());
        for (const size_t event : candidates) {
            const Process process = step(event).process;
            const Cut& past = pasts_[event];
            bool is_next = true;
            for (Process other = 0; other < processes(); ++other)
                is_next &= other == process || past[other] <= done[other];
            if (!is_next || !can_step(done, process)) continue;
            ++done[process];
            plan.push_back(process);
            if (self(self)) return true;
            plan.pop_back();
            --done[process];
        }
        return false;
    };
    if (!search(search)) return std::nullopt;
    return plan;
}

}  // namespace kloom::explore
