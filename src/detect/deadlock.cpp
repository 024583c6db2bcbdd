#include "detect/deadlock.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace kloom::detect {

using trace::Event;
using trace::EventKind;
using trace::PathId;
using trace::Severity;

namespace {

// Functions that wait until other code has ended.
constexpr std::array<std::string_view, 13> kJoinFunctions = {"kthread_stop",
                                                             "kthread_park",
                                                             "flush",
                                                             "cancel",
                                                             "del_timer_sync",
                                                             "timer_delete_sync",
                                                             "timer_shutdown_sync",
                                                             "hrtimer_cancel",
                                                             "free_irq",
                                                             "synchronize",
                                                             "disable_irq",
                                                             "tasklet_kill",
                                                             "destroy_workqueue"};

bool waits_for_code(const char* function) {
    return std::any_of(kJoinFunctions.begin(), kJoinFunctions.end(), [&](std::string_view name) {
        return std::string_view(function).starts_with(name);
    });
}

// Whether a request must wait for a hold.
bool excludes(const HeldLock& held, uint16_t request) {
    if (held.is_rcu()) return false;
    return !held.is_shared() || (request & trace::kLockShared) == 0;
}

}  // namespace

void Deadlock::on_event(const Event& event) {
    if (event.kind == EventKind::Stuck)
        on_stuck(event);
    else if (event.kind == EventKind::Hung)
        on_hung(event);
    else if ((event.flags & (trace::kLockTry | trace::kLockRcu)) == 0 &&
             event.path != trace::kNoPath)
        on_request(event);
}

// ---- certain at the request ---------------------------------------------------------------------

void Deadlock::on_request(const Event& event) {
    if ((event.flags & trace::kLockNoOwner) != 0) return;  // somebody else may release it
    const HeldLock* own = locks_.find(event.path, event.address);
    if (own != nullptr && excludes(*own, event.flags)) return report_self(event, *own);

    const trace::PathInfo* above = event.info;
    for (int depth = 0;
         above != nullptr && above->interrupted != trace::kNoPath && depth < trace::kPathsMax;
         ++depth) {
        const HeldLock* held = locks_.find(above->interrupted, event.address);
        if (held != nullptr && excludes(*held, event.flags))
            return report_interrupted(event, *held);
        const WaitState* below = waits_.find(above->interrupted);
        above = below != nullptr ? below->info : nullptr;
    }
}

void Deadlock::report_self(const Event& event, const HeldLock& held) {
    const Site here = site_of(event);
    if (!wants(context_.sink, "deadlock", Severity::Error, here, held.acquired, event.address))
        return;
    trace::Finding finding;
    finding.id = "deadlock";
    finding.message = "self-deadlock: {0} waits for {object}, which it holds itself";
    finding.address = event.address;
    finding.sites = {finding_site(here, "waits for " + held.name.words()),
                     finding_site(held.acquired, "takes " + held.name.words())};
    finding.ends_execution = true;
    context_.sink.report(std::move(finding));
}

void Deadlock::report_interrupted(const Event& event, const HeldLock& held) {
    const Site here = site_of(event);
    if (!wants(context_.sink, "deadlock", Severity::Error, here, held.acquired, event.address))
        return;
    const bool is_hardirq = event.info->kind == trace::PathKind::Hardirq;
    trace::Finding finding;
    finding.id = "deadlock";
    finding.message =
        std::string("deadlock: ") + (is_hardirq ? "the interrupt handler" : "the softirq") +
        " {0} waits for {object}, held by {1}, which it has interrupted on the same CPU";
    finding.address = event.address;
    finding.sites = {finding_site(here, "waits for " + held.name.words()),
                     finding_site(held.acquired, "takes " + held.name.words())};
    finding.ends_execution = true;
    context_.sink.report(std::move(finding));
}

// ---- judged at the end --------------------------------------------------------------------------

std::vector<PathId> Deadlock::waited_for(PathId path) const {
    std::vector<PathId> others;
    const WaitState* state = waits_.find(path);
    if (state == nullptr || state->info == nullptr || state->kind == WaitState::Kind::Ended)
        return others;
    if (state->kind == WaitState::Kind::WantsLock) {
        locks_.find_holder([&](PathId holder, const HeldLock& lock) {
            const bool blocks =
                lock.address == state->wanted.address && excludes(lock, state->wanted.flags);
            if (blocks && std::find(others.begin(), others.end(), holder) == others.end())
                others.push_back(holder);
            return false;
        });
    }
    if (state->kind == WaitState::Kind::Sleeps) return others;
    for (size_t other = 0; other < waits_.size(); ++other) {  // a handler that has interrupted it
        const PathId id(static_cast<uint16_t>(other));
        const WaitState* handler = waits_.find(id);
        const bool is_above = handler->kind != WaitState::Kind::Ended && handler->info != nullptr &&
                              handler->info->kind != trace::PathKind::Task &&
                              handler->info->interrupted == path;
        if (is_above) others.push_back(id);
    }
    const PathId top = waits_.top(state->info->cpu);
    const bool is_displaced =
        state->kind == WaitState::Kind::Runs && state->info->kind == trace::PathKind::Task;
    if (is_displaced && others.empty() && top != trace::kNoPath && top != path)
        others.push_back(top);
    return others;
}

// Depth-first; `finished` paths lead into no cycle.
bool Deadlock::find_cycle(std::vector<PathId>& chain, std::vector<bool>& finished) const {
    const PathId last = chain.back();
    for (PathId next : waited_for(last)) {
        const auto seen = std::find(chain.begin(), chain.end(), next);
        if (seen != chain.end()) {
            chain.erase(chain.begin(), seen);
            return true;
        }
        if (next.index() < finished.size() && finished[next.index()]) continue;
        chain.push_back(next);
        if (find_cycle(chain, finished)) return true;
        chain.pop_back();
    }
    if (last.index() < finished.size()) finished[last.index()] = true;
    return false;
}

void Deadlock::on_stuck(const Event& event) {
    std::vector<bool> finished(waits_.size(), false);
    for (size_t path = 0; path < waits_.size(); ++path) {
        if (finished[path]) continue;
        std::vector<PathId> chain = {PathId(static_cast<uint16_t>(path))};
        if (find_cycle(chain, finished)) return report_cycle(chain);
    }
    if (!report_holder_that_waits(trace::kNoPath)) lost_wakeup_.on_stuck(event);
}

// Others go on, so only what concerns the path that hangs is judged.
void Deadlock::on_hung(const Event& event) {
    std::vector<bool> finished(waits_.size(), false);
    std::vector<PathId> chain = {event.path};
    if (find_cycle(chain, finished)) return report_cycle(chain);
    if (!report_holder_that_waits(event.path)) lost_wakeup_.on_hung(event);
}

trace::FindingSite Deadlock::waiting_site(PathId path) const {
    const WaitState& state = *waits_.find(path);
    std::string role;
    for (const HeldLock& lock : locks_.held(path))
        role += (role.empty() ? "holds " : ", ") + lock.name.words();
    if (!role.empty() && state.is_waiting()) role += ", ";
    if (state.kind == WaitState::Kind::WantsLock) role += "waits for " + state.wanted.name.words();
    if (state.kind == WaitState::Kind::Sleeps) role += std::string("sleeps in ") + state.reason;
    return finding_site(state.site(), role.empty() ? "cannot run" : role);
}

void Deadlock::report_cycle(const std::vector<PathId>& cycle) {
    trace::Finding finding;
    finding.id = "deadlock";
    std::string message = cycle.size() == 1
                              ? "self-deadlock: {0} waits for {object}, which only it can release"
                              : "deadlock: ";
    for (PathId path : cycle) {
        const WaitState& state = *waits_.find(path);
        if (finding.address == 0 && state.kind == WaitState::Kind::WantsLock)
            finding.address = state.wanted.address;
        finding.sites.push_back(waiting_site(path));
        finding.sites.back().path = path;
    }
    // Paths that only cannot run are named last: the places of those that wait are the defect.
    std::stable_partition(finding.sites.begin(), finding.sites.end(),
                          [](const trace::FindingSite& site) { return site.pc != 0; });
    for (size_t index = 0; cycle.size() > 1 && index < finding.sites.size(); ++index)
        message +=
            (index != 0 ? "; {" : "{") + std::to_string(index) + "} " + finding.sites[index].role;
    finding.message = message;
    // The places where the locks were taken.
    for (PathId path : cycle)
        for (const HeldLock& lock : locks_.held(path))
            finding.sites.push_back(finding_site(lock.acquired, "takes " + lock.name.words()));
    finding.ends_execution = true;
    const uintptr_t pc1 = finding.sites.size() > 1 ? finding.sites[1].pc : 0;
    if (!context_.sink.wants("deadlock", Severity::Error, finding.sites[0].pc, pc1,
                             finding.address))
        return;
    context_.sink.report(std::move(finding));
}

// A path waits for a lock whose holder waits for code to end: very likely for that path's. With
// `only` that one is the waiter or the holder.
bool Deadlock::report_holder_that_waits(PathId only) {
    for (size_t path = 0; path < waits_.size(); ++path) {
        const PathId waiter(static_cast<uint16_t>(path));
        for (PathId holder : waited_for(waiter)) {
            const WaitState* state = waits_.find(holder);
            if (only != trace::kNoPath && only != waiter && only != holder) continue;
            if (state == nullptr || state->kind != WaitState::Kind::Sleeps ||
                !waits_for_code(state->reason))
                continue;
            report_cycle({waiter, holder});
            return true;
        }
    }
    return false;
}

}  // namespace kloom::detect
