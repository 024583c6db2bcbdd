#include "report/story_selection.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <utility>

#include "trace/memory_map.hpp"

namespace kloom::report {

using trace::CpuId;
using trace::Event;
using trace::EventKind;
using trace::PathId;
using trace::PathKind;

namespace {

constexpr size_t kNone = ~size_t{0};
constexpr uint64_t kUnknownEvent = ~uint64_t{0};  // a detector knows the place only
constexpr uintptr_t kNullPageEnd = 65536;
// How far behind a pointer an access through it may lie.
constexpr uintptr_t kPointerReach = 4096;
// How many of a path's own events back an explanation is looked for.
constexpr int kPointerSteps = 200;
constexpr int kAssertionSteps = 64;
constexpr int kUpdateSteps = 8;
constexpr size_t kHeldLocksShown = 4;
constexpr size_t kAftermathMax = 3;
// Beyond this many chosen events the passes that compare neighbours look at the last ones only.
constexpr size_t kChosenMax = 4000;

constexpr std::array<std::string_view, 7> kBadPointers = {
    "null-dereference", "use-after-free", "out-of-bounds", "wild-access",
    "double-free",      "invalid-free",   "user-pointer"};
constexpr std::array<std::string_view, 7> kAboutContext = {
    "sleep-in-atomic", "preempt-imbalance", "irq-imbalance", "irqs-off-too-long",
    "soft-lockup",     "rcu-misuse",        "stale-cpu"};

template <size_t count>
bool is_among(const std::array<std::string_view, count>& ids, std::string_view id) {
    return std::find(ids.begin(), ids.end(), id) != ids.end();
}

bool is_lock_event(EventKind kind) {
    return kind == EventKind::LockRequest || kind == EventKind::LockAcquire ||
           kind == EventKind::LockRelease;
}

// Events of a path that only tell how it runs, not what it does.
bool is_bookkeeping(EventKind kind) {
    switch (kind) {
        case EventKind::Release:
        case EventKind::Acquire:
        case EventKind::ObjectUse:
        case EventKind::PathBlock:
        case EventKind::PathWake:
        case EventKind::PathSwitch:
        case EventKind::Migrate:
        case EventKind::ContextChange:
        case EventKind::MightSleep:
            return true;
        default:
            return false;
    }
}

// A read of a value by the module itself: the kernel reads texts to print, too.
bool is_plain_read(const Event& event) {
    return event.kind == EventKind::Access && (event.flags & trace::kRead) != 0 &&
           (event.flags & trace::kByKernel) == 0 && event.size <= sizeof(uint64_t);
}

// ContextChange: the path could be preempted and interrupted before.
bool was_unprotected(const Event& change) {
    return change.value == 0;
}

}  // namespace

StorySelector::StorySelector(const trace::ShownFinding& shown, const trace::Symbols& symbols)
    : finding_(shown.finding),
      recording_(*shown.recording),
      symbols_(symbols),
      weights_(shown.recording->events.size(), Weight::None) {}

Selection StorySelector::select() {
    select_sites();
    if (!sites_.empty()) {
        select_causes();
        select_objects();
        select_context();
        select_aftermath();
    }
    cut_to_length();
    return std::move(selection_);
}

void StorySelector::choose(size_t index, Weight weight) {
    weights_[index] = std::min(weights_[index], weight);
}

void StorySelector::add_range(uintptr_t address, uint64_t size) {
    if (address >= kNullPageEnd)
        ranges_.push_back({address, address + std::max<uint64_t>(size, 1)});
}

bool StorySelector::is_of_interest(const Event& event) const {
    return std::any_of(ranges_.begin(), ranges_.end(), [&](const Range& range) {
        return event.address < range.end &&
               range.begin < event.address + std::max<uint32_t>(event.size, 1);
    });
}

size_t StorySelector::find_event(const trace::FindingSite& site) const {
    const auto& events = recording_.events;
    if (site.event_number == kUnknownEvent) return find_last_at(site);
    const auto found = std::lower_bound(events.begin(), events.end(), site.event_number,
                                        [](const trace::RecordedEvent& recorded, uint64_t number) {
                                            return recorded.event.number < number;
                                        });
    const bool is_it = found != events.end() && found->event.number == site.event_number &&
                       found->event.path == site.path;
    return is_it ? static_cast<size_t>(found - events.begin()) : kNone;
}

// The last allocation or free by that path at that place: what a detector knows of an object's
// past.
size_t StorySelector::find_last_at(const trace::FindingSite& site) const {
    size_t last = kNone;
    for (size_t index = recording_.events.size(); index-- != 0;) {
        const Event& at = event(index);
        const bool is_memory = at.kind == EventKind::Allocate || at.kind == EventKind::Free;
        if (!is_memory || at.path != site.path || at.pc != site.pc) continue;
        if (finding_.address - at.address < std::max<uint32_t>(at.size, 1)) return index;
        if (last == kNone) last = index;  // an access beyond the object's end is not in it
    }
    return last;
}

std::vector<size_t> StorySelector::chosen() const {
    std::vector<size_t> indices;
    for (size_t index = weights_.size(); index-- != 0 && indices.size() < kChosenMax;)
        if (weights_[index] != Weight::None) indices.push_back(index);
    std::reverse(indices.begin(), indices.end());
    return indices;
}

// ---- sites and their causes
// ------------------------------------------------------------------------------------------

void StorySelector::select_sites() {
    for (size_t number = 0; number < finding_.sites.size(); ++number) {
        const size_t index = find_event(finding_.sites[number]);
        if (index == kNone) {
            if (finding_.sites[number].event_number != kUnknownEvent)
                selection_.lone_sites.push_back(number);
            continue;
        }
        choose(index, Weight::Site);
        sites_.push_back(index);
    }
    std::sort(sites_.begin(), sites_.end());
}

void StorySelector::select_causes() {
    const std::string_view id = finding_.id;
    if (id != "leak")
        add_range(finding_.address, finding_.size);  // who lost it matters, not who used it
    for (size_t site : sites_) {
        const Event& at = event(site);
        if (is_lock_event(at.kind)) locks_.push_back(at.address);
        if (is_among(kBadPointers, id)) explain_pointer(site);
        if (at.kind == EventKind::Assertion) explain_assertion(site);
        if (at.kind == EventKind::Access) explain_write(site);
        explain_protection(site);
    }
    if (id == "leak") explain_leak();
}

// The read that gave the path the pointer through which it now reaches `site`.
void StorySelector::explain_pointer(size_t site) {
    const Event& at = event(site);
    int steps = kPointerSteps;
    for (size_t index = site; index-- != 0 && steps > 0;) {
        const Event& before = event(index);
        if (before.path != at.path || before.kind != EventKind::Access) continue;
        --steps;
        const bool is_read = (before.flags & (trace::kRead | trace::kWrite)) == trace::kRead;
        if (!is_read || before.size != sizeof(void*) || at.address - before.value >= kPointerReach)
            continue;
        choose(index, Weight::Cause);
        add_range(before.address, before.size);
        return;
    }
}

// The read whose value a write updates: of the same place, by the same line.
void StorySelector::explain_write(size_t site) {
    const Event& write = event(site);
    if ((write.flags & (trace::kRead | trace::kWrite)) != trace::kWrite) return;
    int steps = kUpdateSteps;
    for (size_t index = site; index-- != 0 && steps > 0;) {
        const Event& before = event(index);
        if (before.path != write.path) continue;
        --steps;
        if (!is_plain_read(before) || before.address != write.address) continue;
        if (symbols_.locate(before.pc).line == symbols_.locate(write.pc).line)
            choose(index, Weight::Cause);
        return;
    }
}

// What the condition of the assertion read: the reads of the same line, or the last one before it.
void StorySelector::explain_assertion(size_t site) {
    const Event& at = event(site);
    const trace::SourceLocation place = symbols_.locate(at.pc);
    size_t nearest = kNone;
    bool any_on_line = false;
    int steps = kAssertionSteps;
    for (size_t index = site; index-- != 0 && steps > 0;) {
        const Event& before = event(index);
        if (before.path != at.path) continue;
        --steps;
        if (!is_plain_read(before)) continue;
        if (nearest == kNone) nearest = index;
        const trace::SourceLocation where = symbols_.locate(before.pc);
        if (where.line != place.line || where.file != place.file) continue;
        any_on_line = true;
        choose(index, Weight::Cause);
        add_range(before.address, before.size);
    }
    if (any_on_line || nearest == kNone) return;
    choose(nearest, Weight::Cause);
    add_range(event(nearest).address, event(nearest).size);
}

// Where the pointer to the lost object was kept.
void StorySelector::explain_leak() {
    for (size_t index = 0; index < recording_.events.size(); ++index) {
        const Event& write = event(index);
        const bool is_write = write.kind == EventKind::Access && (write.flags & trace::kWrite) != 0;
        if (!is_write || write.size != sizeof(void*) || write.value != finding_.address) continue;
        choose(index, Weight::Cause);
        add_range(write.address, write.size);
        return;
    }
}

// What the path had locked or switched off when it came to `site`.
void StorySelector::explain_protection(size_t site) {
    const trace::PathInfo& info = recording_.events[site].info();
    const PathId path = event(site).path;
    if (info.id != path || info.kind != PathKind::Task) return;
    std::map<uintptr_t, int> released;
    size_t held = 0;
    bool needs_switch = info.preempt_count != 0 || info.irqs_disabled;
    for (size_t index = site; index-- != 0;) {
        const Event& before = event(index);
        if (before.path != path) continue;
        if (before.kind == EventKind::LockRelease) ++released[before.address];
        if (before.kind == EventKind::LockAcquire) {
            if (released[before.address]-- > 0 || held == kHeldLocksShown) continue;
            released[before.address] = 0;
            ++held;
            choose(index, Weight::Cause);
        }
        if (before.kind == EventKind::ContextChange && needs_switch && was_unprotected(before)) {
            needs_switch = false;
            if (!is_part_of_locking(index)) choose(index, Weight::Cause);
        }
        if (before.kind == EventKind::PathBegin) return;
    }
}

// ---- objects
// -----------------------------------------------------------------------------------------------------------

void StorySelector::select_objects() {
    const bool is_leak = std::string_view(finding_.id) == "leak";
    const bool has_one_site = sites_.front() == sites_.back();
    // A lost pointer was lost before or after: its whole life counts.
    const size_t last = is_leak ? recording_.events.size() - 1 : sites_.back();
    add_accesses(is_leak || has_one_site ? 0 : chosen().front(), last);
    merge_lock_requests();
    shorten_runs();
}

void StorySelector::add_accesses(size_t first, size_t last) {
    const bool is_about_context = is_among(kAboutContext, finding_.id);
    const PathId main_path = event(sites_.back()).path;
    for (size_t index = 0; index <= last; ++index) {
        const Event& at = event(index);
        if (at.kind == EventKind::Allocate || at.kind == EventKind::Free) {
            if (is_of_interest(at)) choose(index, Weight::Context);
        } else if (index < first) {
            continue;
        } else if (at.kind == EventKind::Access) {
            const bool is_write = (at.flags & trace::kWrite) != 0;
            const bool is_kernel_read =
                !is_write && (at.flags & trace::kByKernel) != 0;  // to print it, to copy it
            if (is_of_interest(at) && !is_kernel_read && !is_part_of_memory_call(index))
                choose(index, is_write ? Weight::Context : Weight::Detail);
        } else if (is_lock_event(at.kind)) {
            if (std::find(locks_.begin(), locks_.end(), at.address) == locks_.end()) continue;
            if (at.kind != EventKind::LockRequest || waits_at(index)) choose(index, Weight::Detail);
        } else if (at.kind == EventKind::ContextChange && is_about_context &&
                   at.path == main_path && !is_part_of_locking(index)) {
            choose(index, Weight::Detail);
        }
    }
}

// A path that uses the object again and again while no other does, as in a loop: its last read and
// write tell all.
void StorySelector::shorten_runs() {
    constexpr size_t kRunMax = 4;
    constexpr size_t kKept = 2;
    std::vector<size_t> run;
    const auto end_run = [&] {
        if (run.size() > kRunMax) {
            const size_t dropped = run.size() - kKept;
            for (size_t index = 0; index < dropped; ++index) weights_[run[index]] = Weight::None;
            skipped_[run[dropped]] = dropped;
        }
        run.clear();
    };
    for (size_t index = 0; index < weights_.size(); ++index) {
        if (weights_[index] == Weight::None || event(index).kind != EventKind::Access) continue;
        if (!run.empty() && event(run.back()).path != event(index).path) end_run();
        if (weights_[index] >= Weight::Context) run.push_back(index);
    }
    end_run();
}

// A request that is granted at once and its grant are one step.
void StorySelector::merge_lock_requests() {
    for (size_t index : chosen()) {
        const Event& request = event(index);
        if (request.kind != EventKind::LockRequest || waits_at(index)) continue;
        for (size_t next = index + 1; next < recording_.events.size(); ++next) {
            const Event& grant = event(next);
            if (grant.path != request.path || grant.kind != EventKind::LockAcquire) continue;
            if (weights_[next] != Weight::Site) weights_[next] = Weight::None;
            break;
        }
    }
}

// Whether the kernel wipes an object that it allocates or frees.
bool StorySelector::is_part_of_memory_call(size_t access) const {
    constexpr size_t kNeighbours = 4;
    const Event& at = event(access);
    if ((at.flags & trace::kByKernel) == 0) return false;
    const size_t end = std::min(access + kNeighbours, recording_.events.size());
    for (size_t index = access > kNeighbours ? access - kNeighbours : 0; index < end; ++index) {
        const Event& near = event(index);
        const bool is_memory = near.kind == EventKind::Allocate || near.kind == EventKind::Free;
        if (is_memory && near.path == at.path && near.pc == at.pc) return true;
    }
    return false;
}

// Whether a lock function switched preemption or interrupts off or on, which goes without saying.
bool StorySelector::is_part_of_locking(size_t change) const {
    constexpr size_t kNeighbours = 6;
    const Event& at = event(change);
    const int line = symbols_.locate(at.pc).line;
    const size_t end = std::min(change + kNeighbours, recording_.events.size());
    for (size_t index = change > kNeighbours ? change - kNeighbours : 0; index < end; ++index) {
        const Event& near = event(index);
        if (near.path == at.path && is_lock_event(near.kind) &&
            symbols_.locate(near.pc).line == line)
            return true;
    }
    return false;
}

// Whether the path that asks for a lock at `request` does not get it at once.
bool StorySelector::waits_at(size_t request) const {
    const Event& asked = event(request);
    for (size_t index = request + 1; index < recording_.events.size(); ++index) {
        const Event& next = event(index);
        if (next.path == asked.path && next.kind == EventKind::LockAcquire &&
            next.address == asked.address)
            return false;
        if (next.path == asked.path ? !is_bookkeeping(next.kind)
                                    : is_lock_event(next.kind) && next.address == asked.address)
            return true;
    }
    return true;
}

// ---- context
// -----------------------------------------------------------------------------------------------------------

void StorySelector::select_context() {
    std::map<CpuId, size_t> last_on_cpu;
    for (size_t index : chosen()) {
        const auto [last, is_first] = last_on_cpu.try_emplace(event(index).cpu, index);
        if (!is_first && event(last->second).path != event(index).path)
            connect_on_cpu(last->second, index);
        last->second = index;
    }
    std::map<PathId, size_t> last_of_path;
    for (size_t index : chosen()) {
        const auto [last, is_first] = last_of_path.try_emplace(event(index).path, index);
        if (!is_first) connect_on_path(last->second, index);
        last->second = index;
    }
    add_handlers();
}

// Whether the path is in the story for more than what it has done before `index`.
bool StorySelector::matters_later(PathId path, size_t index) const {
    const auto is_its = [&](const trace::FindingSite& site) { return site.path == path; };
    if (std::any_of(finding_.sites.begin(), finding_.sites.end(), is_its)) return true;
    for (size_t later = index; later < weights_.size(); ++later)
        if (weights_[later] != Weight::None && event(later).path == path) return true;
    return false;
}

// Why the task of `earlier` is not the one that runs at `later` on the same CPU.
void StorySelector::connect_on_cpu(size_t earlier, size_t later) {
    if (recording_.events[earlier].info().kind != PathKind::Task ||
        recording_.events[later].info().kind != PathKind::Task)
        return;
    const PathId path = event(earlier).path;
    if (!matters_later(path, later)) return;
    size_t reason = kNone;
    bool is_away = false;
    for (size_t index = earlier + 1; index < later; ++index) {
        const Event& at = event(index);
        if (at.path == path && at.kind == EventKind::PathEnd) return;
        if (at.path == path && at.kind == EventKind::PathBlock) {
            is_away = true;
            reason = index;
        } else if (at.kind == EventKind::PathSwitch && at.cpu == event(earlier).cpu &&
                   PathId(static_cast<uint16_t>(at.value)) == path) {
            if (!std::exchange(is_away, true)) reason = index;
        } else if (at.path == path && at.kind != EventKind::PathWake) {
            is_away = false;
        }
    }
    if (reason != kNone) choose(reason, Weight::Context);
}

// How the path came to another CPU, and what woke it, between two of its events.
void StorySelector::connect_on_path(size_t earlier, size_t later) {
    const bool slept = event(earlier).kind == EventKind::PathBlock;
    const bool moved = event(earlier).cpu != event(later).cpu;
    if (!slept && !moved) return;
    for (size_t index = later; index-- > earlier + 1;) {
        const Event& at = event(index);
        if (at.path != event(earlier).path) continue;
        if (moved && at.kind == EventKind::Migrate) choose(index, Weight::Context);
        if (at.kind != EventKind::PathWake) continue;
        if (slept) choose(index, Weight::Context);
        return;
    }
}

// The arrival of each handler that the story tells of, and its return when the story goes on below
// it.
void StorySelector::add_handlers() {
    const std::vector<size_t> indices = chosen();
    for (size_t position = 0; position < indices.size(); ++position) {
        const size_t index = indices[position];
        if (recording_.events[index].info().kind == PathKind::Task) continue;
        const PathId path = event(index).path;
        for (size_t back = index + 1; back-- != 0;) {
            if (event(back).path != path || event(back).kind != EventKind::PathBegin) continue;
            choose(back, Weight::Context);
            break;
        }
        const auto next_here =
            std::find_if(indices.begin() + static_cast<ptrdiff_t>(position) + 1, indices.end(),
                         [&](size_t other) { return event(other).cpu == event(index).cpu; });
        if (next_here == indices.end() || event(*next_here).path == path) continue;
        for (size_t forward = index + 1; forward < *next_here; ++forward)
            if (event(forward).path == path && event(forward).kind == EventKind::PathEnd)
                choose(forward, Weight::Detail);
    }
}

// ---- aftermath and length
// ------------------------------------------------------------------------------------------------

void StorySelector::select_aftermath() {
    for (size_t index = sites_.back() + 1; index < recording_.events.size(); ++index)
        if (event(index).kind == EventKind::Assertion &&
            selection_.aftermath.size() < kAftermathMax)
            selection_.aftermath.push_back(index);
}

// The same as the chosen event before it, as in a loop that waits.
bool StorySelector::is_repetition(size_t index) const {
    if (weights_[index] == Weight::Site) return false;
    for (size_t back = index; back-- != 0;) {
        if (weights_[back] == Weight::None) continue;
        const Event& a = event(back);
        const Event& b = event(index);
        return a.kind == b.kind && a.path == b.path && a.pc == b.pc && a.address == b.address &&
               a.value == b.value && a.flags == b.flags;
    }
    return false;
}

void StorySelector::cut_to_length() {
    std::vector<size_t> all = chosen();
    std::vector<size_t> kept;
    for (size_t index : all)
        if (!is_repetition(index)) kept.push_back(index);
    if (kept.size() > kStepsMax) {
        const auto distance = [&](size_t index) {
            size_t least = ~size_t{0};
            for (size_t site : sites_)
                least = std::min(least, site > index ? site - index : index - site);
            return least;
        };
        std::stable_sort(kept.begin(), kept.end(), [&](size_t a, size_t b) {
            return weights_[a] != weights_[b] ? weights_[a] < weights_[b]
                                              : distance(a) < distance(b);
        });
        kept.resize(kStepsMax);
        std::sort(kept.begin(), kept.end());
    }
    auto next = all.begin();
    for (size_t index : kept) {
        const auto run = skipped_.find(index);
        size_t skipped = run != skipped_.end() ? run->second : 0;
        for (; *next != index; ++next) ++skipped;
        ++next;
        selection_.steps.push_back(
            {.index = index,
             .weight = weights_[index],
             .skipped_before = skipped,
             .is_granted = event(index).kind == EventKind::LockRequest && !waits_at(index)});
    }
}

}  // namespace kloom::report
