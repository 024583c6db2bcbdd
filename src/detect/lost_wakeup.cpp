#include "detect/lost_wakeup.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace kloom::detect {

using trace::Event;
using trace::EventKind;
using trace::PathId;
using trace::Severity;

namespace {

// Releases remembered: enough to reach back to the last look of every sleeper.
constexpr size_t kWakesMax = 256;
// What a path waits in that called schedule() itself.
constexpr std::string_view kHandMadeWait = "schedule";
// The waits in which a wake-up that comes too early is lost: those that the module builds of parts.
constexpr std::array<std::string_view, 5> kWaitsOfParts = {kHandMadeWait, "wait queue", "completion",
                                                           "semaphore", "poll"};
// A task that hangs for so long in vain hangs for ever, although nothing says why.
constexpr trace::VirtualTime kForeverNs = 600 * trace::kNanosecondsPerSecond;

template <class Record>
void remember(std::vector<Record>& ring, size_t& next, const Record& record) {
    if (ring.size() < kWakesMax)
        ring.push_back(record);
    else
        ring[next++ % kWakesMax] = record;
}

// Wake-ups are counted: what the waiter has looked at before does not matter.
bool is_counted(std::string_view wait) {
    return wait == "completion" || wait == "semaphore";
}

bool can_lose_wakeups(std::string_view wait) {
    return std::find(kWaitsOfParts.begin(), kWaitsOfParts.end(), wait) != kWaitsOfParts.end();
}

}  // namespace

uint64_t LostWakeup::interests() const {
    return trace::interests_of(EventKind::Access, EventKind::Release, EventKind::Acquire,
                               EventKind::Leftover, EventKind::PathBegin);
}

void LostWakeup::begin_execution() {
    looks_.begin_execution();
    wakes_.clear();
    wakes_next_ = 0;
    takes_.clear();
    takes_next_ = 0;
}

void LostWakeup::on_event(const Event& event) {
    switch (event.kind) {
        case EventKind::Access: {
            if ((event.flags & (trace::kWrite | trace::kByKernel)) != 0 ||
                event.path == trace::kNoPath)
                return;
            Looks& looks = looks_[event.path];
            if (looks.latest().address != event.address)
                looks.next = (looks.next + 1) % Looks::kCount;
            looks.last[(looks.next + Looks::kCount - 1) % Looks::kCount] = {event.address,
                                                                            site_of(event)};
            return;
        }
        case EventKind::Release:
            remember(wakes_, wakes_next_, {event.address, site_of(event)});
            return;
        case EventKind::Acquire:
            remember(takes_, takes_next_, {event.address, event.path, event.number});
            return;
        case EventKind::PathBegin:
            if (event.path != trace::kNoPath) looks_[event.path].clear();
            return;
        default:
            on_leftover(event);
            return;
    }
}

// What is counted is gone when anybody has taken it; other wake-ups are for all who wait.
bool LostWakeup::was_taken(const Wake& wake, PathId sleeper, std::string_view wait) const {
    return std::any_of(takes_.begin(), takes_.end(), [&](const Take& take) {
        return take.object == wake.object && (is_counted(wait) || take.path == sleeper) &&
               take.number > wake.site.number;
    });
}

LostWakeup::Evidence LostWakeup::find_evidence(PathId sleeper, const WaitState& state) {
    Evidence evidence;
    const Looks* looks = looks_.find(sleeper);
    if (looks == nullptr || !looks->latest().site.is_known() || !can_lose_wakeups(state.reason))
        return evidence;
    const uint64_t asleep = state.asleep.number;
    evidence.look = looks->latest().site;
    for (const Wake& wake : wakes_) {
        const bool is_between =
            wake.site.number > evidence.look.number && wake.site.number < asleep;
        if (wake.object != state.object || wake.object == 0 || wake.site.path == sleeper ||
            !is_between || was_taken(wake, sleeper, state.reason))
            continue;
        evidence.wake = wake.site;
        evidence.object = wake.object;
        evidence.is_wake = true;
        return evidence;
    }
    if (is_counted(state.reason)) return evidence;
    for (const Look& look : looks->last) {
        const bool was_repeated =
            std::any_of(looks->last.begin(), looks->last.end(), [&](const Look& other) {
                return other.address == look.address && other.site.number > look.site.number;
            });
        if (!look.site.is_known() || was_repeated) continue;
        if (context_.memory.classify(look.address).region == trace::Region::Stack) continue;
        const Site write = accesses_.find_write(look.address, sleeper, look.site.number, asleep);
        if (!write.is_known() || (evidence.wake.is_known() && evidence.wake.number > write.number))
            continue;
        evidence.look = look.site;
        evidence.wake = write;
        evidence.object = look.address;
    }
    return evidence;
}

void LostWakeup::report_lost(const WaitState& state, const Evidence& evidence, Severity severity,
                             bool ends) {
    if (!wants(context_.sink, "lost-wakeup", severity, state.asleep, evidence.wake,
               evidence.object))
        return;
    trace::Finding finding;
    finding.id = "lost-wakeup";
    finding.severity = severity;
    finding.message = evidence.is_wake ? "lost wake-up: {0} sleeps for ever; {1} woke {object} "
                                         "after {0} had checked and before it slept"
                                       : "lost wake-up: {0} sleeps for ever; {1} changed {object} "
                                         "after {0} had checked it and before it slept";
    finding.address = evidence.object;
    finding.sites = {finding_site(state.asleep, std::string("sleeps in ") + state.reason),
                     finding_site(evidence.wake, evidence.is_wake ? "wakes" : "writes"),
                     finding_site(evidence.look, "checks")};
    finding.ends_execution = ends;
    context_.sink.report(std::move(finding));
}

void LostWakeup::on_stuck(const Event&) {
    std::vector<PathId> sleepers;
    for (size_t path = 0; path < waits_.size(); ++path) {
        const PathId id(static_cast<uint16_t>(path));
        const WaitState* state = waits_.find(id);
        if (!state->is_waiting() || state->site().pc == 0)
            continue;  // the kernel's own threads sleep as they should
        if (state->kind == WaitState::Kind::Sleeps) {
            const Evidence evidence = find_evidence(id, *state);
            if (evidence.wake.is_known())
                return report_lost(*state, evidence, Severity::Error, true);
        }
        sleepers.push_back(id);
    }
    report_hang(sleepers, "nothing is left that could wake it");
}

// Others still go on, so after two minutes only a wake-up that was lost for certain counts.
void LostWakeup::on_hung(const Event& event) {
    const bool is_for_ever = event.value >= kForeverNs;
    for (size_t path = 0; path < waits_.size(); ++path) {
        const PathId id(static_cast<uint16_t>(path));
        const WaitState* state = waits_.find(id);
        const bool is_asleep = state->kind == WaitState::Kind::Sleeps && !state->has_deadline;
        if (!is_asleep || state->asleep.pc == 0) continue;
        const Evidence evidence = find_evidence(id, *state);
        const bool waits_by_hand =
            id == event.path && std::string_view(state->reason) == kHandMadeWait;
        if (evidence.wake.is_known() && (evidence.is_wake || waits_by_hand || is_for_ever))
            return report_lost(*state, evidence, Severity::Error, true);
    }
    const WaitState* hung = waits_.find(event.path);
    if (hung == nullptr || !hung->is_waiting() || hung->info == nullptr) return;
    if (hung->info->is_user && is_for_ever)
        report_hang({event.path}, "nothing has woken it for ten minutes");
}

void LostWakeup::report_hang(const std::vector<PathId>& sleepers, const char* why) {
    if (sleepers.empty()) return;
    trace::Finding finding;
    finding.id = "hang";
    finding.ends_execution = true;
    for (PathId path : sleepers) {
        const WaitState& state = *waits_.find(path);
        const bool wants_lock = state.kind == WaitState::Kind::WantsLock;
        if (finding.address == 0)
            finding.address = wants_lock ? state.wanted.address : state.object;
        const std::string what = wants_lock ? "waits for " + state.wanted.name.words()
                                            : std::string("sleeps in ") + state.reason;
        finding.sites.push_back(finding_site(state.site(), what));
    }
    finding.message = "hang: {0} " + finding.sites[0].role + " and " + why;
    const uintptr_t pc1 = finding.sites.size() > 1 ? finding.sites[1].pc : 0;
    if (!context_.sink.wants("hang", Severity::Error, finding.sites[0].pc, pc1, finding.address))
        return;
    context_.sink.report(std::move(finding));
}

// Sleepers at the end: user processes that wait in a system call. To wait for data is their right,
// so a wake-up must have been lost for certain to make it an error. A changed condition alone is
// one only where the module waits by hand: the kernel's own wait functions check it again.
void LostWakeup::on_leftover(const Event& event) {
    if (event.text == nullptr || std::string_view(event.text) != "sleeper") return;
    for (size_t path = 0; path < waits_.size(); ++path) {
        const PathId id(static_cast<uint16_t>(path));
        const WaitState* state = waits_.find(id);
        if (state->kind != WaitState::Kind::Sleeps || state->info == nullptr ||
            !state->info->is_user)
            continue;
        const Evidence evidence = find_evidence(id, *state);
        const bool waits_by_hand = std::string_view(state->reason) == kHandMadeWait;
        if (evidence.wake.is_known() && (evidence.is_wake || waits_by_hand))
            report_lost(*state, evidence, Severity::Error, false);
    }
}

}  // namespace kloom::detect
