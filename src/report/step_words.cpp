#include "report/step_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace kloom::report {

using trace::Event;
using trace::EventKind;
using trace::PathInfo;
using trace::PathKind;
using trace::RecordedEvent;

namespace {

constexpr uint32_t kValueBytesMax = 8;
constexpr uint64_t kNoAccessBelow = 65536;

StepKind kind_of(EventKind kind) {
    switch (kind) {
        case EventKind::Access:
            return StepKind::Access;
        case EventKind::LockRequest:
        case EventKind::LockAcquire:
        case EventKind::LockRelease:
            return StepKind::Lock;
        case EventKind::Allocate:
        case EventKind::Free:
            return StepKind::Memory;
        case EventKind::PathBegin:
        case EventKind::PathEnd:
        case EventKind::PathBlock:
        case EventKind::PathWake:
        case EventKind::PathSwitch:
        case EventKind::Migrate:
        case EventKind::ContextChange:
            return StepKind::Context;
        default:
            return StepKind::Other;
    }
}

// Steps that a line of the module performs; the others happen to it.
bool is_done_by_source(const RecordedEvent& recorded) {
    switch (recorded.event.kind) {
        case EventKind::PathBegin:
        case EventKind::PathEnd:
        case EventKind::PathWake:
        case EventKind::PathSwitch:
        case EventKind::Migrate:
        case EventKind::Stuck:
        case EventKind::Hung:
        case EventKind::ModuleLoad:
        case EventKind::ModuleLoaded:
        case EventKind::ModuleUnload:
        case EventKind::ModuleGone:
            return false;
        default:
            return true;
    }
}

std::string or_else(std::string_view text, std::string_view otherwise) {
    return std::string(text.empty() ? otherwise : text);
}

std::string on_or_off(bool is_off, std::string_view what) {
    return fmt::format("{} {}", what, is_off ? "off" : "on");
}

// The text is the whole assertion, or the message or condition of one.
std::string assertion(const RecordedEvent& recorded) {
    const bool is_whole = recorded.text().starts_with("WARN") || recorded.text().starts_with("BUG");
    if (is_whole) return std::string(recorded.text());
    const char* name = recorded.event.flags == 0   ? "WARN"
                       : recorded.event.flags == 1 ? "BUG"
                                                   : "panic";
    return fmt::format("{}({})", name, recorded.text());
}

}  // namespace

StepWords::StepWords(const trace::Recording& recording, const trace::Symbols& symbols, Names& names)
    : recording_(recording), symbols_(symbols), names_(names) {
    for (const RecordedEvent& recorded : recording.events) {
        const Event& event = recorded.event;
        if (event.kind == EventKind::Access && event.size == sizeof(void*) &&
            Names::is_address(event.value))
            pointers_.push_back(event.address);
    }
    std::sort(pointers_.begin(), pointers_.end());
    pointers_.erase(std::unique(pointers_.begin(), pointers_.end()), pointers_.end());
}

bool StepWords::holds_pointers(uintptr_t address) const {
    return std::binary_search(pointers_.begin(), pointers_.end(), address);
}

void StepWords::locate(StoryStep& step, uintptr_t pc) const {
    step.place = symbols_.locate(pc);
    if (step.place.is_known()) step.source = symbols_.source_line(step.place.file, step.place.line);
}

// Where the path was last seen in the module before an event that has no place of its own.
uintptr_t StepWords::last_place(const RecordedEvent& recorded) const {
    const auto& events = recording_.events;
    for (size_t index = static_cast<size_t>(&recorded - events.data()); index-- != 0;)
        if (events[index].event.path == recorded.event.path && events[index].event.pc != 0)
            return events[index].event.pc;
    return 0;
}

StoryStep StepWords::step(const RecordedEvent& recorded, bool is_granted) {
    StoryStep step;
    step.kind = kind_of(recorded.event.kind);
    step.cpu = recorded.event.cpu;
    step.path = recorded.event.path;
    step.runs_next = recorded.event.path;
    step.event = recorded.event.number;
    step.event_kind = recorded.event.kind;
    step.path_kind = recorded.info().kind;
    if (recorded.event.kind == EventKind::PathEnd) step.runs_next = recorded.info().interrupted;
    if (recorded.info().id == recorded.event.path) {
        step.path_name = Names::brief_path(recorded.info());
        step.path_full_name = Names::full_path(recorded.info());
    }
    if (is_done_by_source(recorded))
        locate(step, recorded.event.pc != 0 ? recorded.event.pc : last_place(recorded));
    step.what = words(recorded, step, is_granted);
    return step;
}

StoryStep StepWords::step(const trace::FindingSite& site) {
    StoryStep step;
    step.cpu = site.cpu;
    step.path = site.path;
    step.runs_next = site.path;
    step.event = site.event_number;
    step.is_site = true;
    if (const PathInfo* path = names_.find_path(site.path, site.event_number)) {
        step.path_name = Names::brief_path(*path);
        step.path_full_name = Names::full_path(*path);
    }
    locate(step, site.pc);
    step.what = or_else(site.role, "stops here");
    return step;
}

std::string StepWords::path_name(uint64_t id, uint64_t number) const {
    const PathInfo* path = names_.find_path(trace::PathId(static_cast<uint16_t>(id)), number);
    return path != nullptr ? Names::brief_path(*path) : "";
}

std::string StepWords::words(const RecordedEvent& recorded, StoryStep& step, bool is_granted) {
    const Event& event = recorded.event;
    switch (step.kind) {
        case StepKind::Access:
            return access(event, step);
        case StepKind::Lock:
            return lock(recorded, is_granted);
        case StepKind::Memory:
            return memory(recorded);
        case StepKind::Context:
            return path_change(recorded);
        default:
            break;
    }
    switch (event.kind) {
        case EventKind::ObjectUse:
            return fmt::format("{} uses {}", or_else(recorded.text(), "the kernel"),
                               names_.object(event.address, event.size));
        case EventKind::MightSleep:
            return fmt::format("{} may sleep", or_else(recorded.text(), "the call"));
        case EventKind::CpuNumberRead:
            return fmt::format("reads CPU number {}", event.value);
        case EventKind::PerCpuAddress:
            return fmt::format("takes address of {}", names_.object(event.address, event.size));
        case EventKind::UserAccess:
            return fmt::format("{} of {} bytes", or_else(recorded.text(), "copy"), event.size);
        case EventKind::ReturnToUser:
            return fmt::format("{} returns to user space", or_else(recorded.text(), "system call"));
        case EventKind::HandlerReturn:
            return "handler returns";
        case EventKind::CallbackEnter:
            return fmt::format("{} begins", or_else(recorded.text(), "callback"));
        case EventKind::CallbackReturn:
            return fmt::format("{} returns", or_else(recorded.text(), "callback"));
        case EventKind::IrqRequest:
            return fmt::format("requests irq {}", event.value);
        case EventKind::IrqFree:
            return fmt::format("frees irq {}", event.value);
        case EventKind::IrqDisable:
            return fmt::format("disables irq {}", event.value);
        case EventKind::IrqEnable:
            return fmt::format("enables irq {}", event.value);
        case EventKind::IrqRaise:
            return fmt::format("raises irq {}", event.value);
        case EventKind::Message:
            return fmt::format("prints \"{}\"", recorded.text());
        case EventKind::Assertion:
            return assertion(recorded);
        case EventKind::Leftover:
            return fmt::format("{} {} is left", recorded.text(), recorded.detail());
        case EventKind::ModuleLoad:
            return "module is loaded";
        case EventKind::ModuleLoaded:
            return fmt::format("init returns {}", static_cast<int64_t>(event.value));
        case EventKind::ModuleUnload:
            return "unload begins";
        case EventKind::ModuleGone:
            return "module is gone";
        case EventKind::Stuck:
            return "nothing can go on";
        case EventKind::Hung:
            return "hangs";
        case EventKind::Misuse:
            return recorded.text() == "soft-lockup" ? "runs on and on" : "misuse is seen here";
        default:
            return std::string(recorded.text());
    }
}

std::string StepWords::access(const Event& event, StoryStep& step) {
    const bool reads = (event.flags & trace::kRead) != 0;
    const bool writes =
        (event.flags & trace::kWrite) != 0 && (event.flags & trace::kFailedCompare) == 0;
    const char* verb = writes                                       ? (reads ? "updates" : "writes")
                       : (event.flags & trace::kFailedCompare) != 0 ? "compares"
                                                                    : "reads";
    const std::string name = names_.object(event.address, event.size);
    if (event.address < kNoAccessBelow) return fmt::format("{} {}", verb, name);
    if (event.size > kValueBytesMax)
        return fmt::format("{} {} bytes of {}", verb, event.size, name);
    step.value = names_.value(event.value, event.size, holds_pointers(event.address));
    return fmt::format("{} {} = {}", verb, name, step.value);
}

std::string StepWords::lock(const RecordedEvent& recorded, bool is_granted) {
    const Event& event = recorded.event;
    const std::string lock =
        recorded.text().empty() ? names_.object(event.address, 1) : std::string(recorded.text());
    const char* side = (event.flags & trace::kLockShared) != 0 ? " to read" : "";
    if ((event.flags & trace::kLockRcu) != 0)
        return event.kind == EventKind::LockRelease ? "leaves RCU reader" : "enters RCU reader";
    if (event.kind == EventKind::LockRequest && !is_granted)
        return fmt::format("waits for {}{}", lock, side);
    if (event.kind == EventKind::LockRelease) return fmt::format("releases {}", lock);
    return fmt::format("takes {}{}", lock, side);
}

std::string StepWords::memory(const RecordedEvent& recorded) {
    const Event& event = recorded.event;
    if (event.kind == EventKind::Free)
        return fmt::format("frees {}", names_.object(event.address, 1));
    return fmt::format("allocates {}", names_.object(event.address, 1));
}

std::string StepWords::path_change(const RecordedEvent& recorded) {
    const Event& event = recorded.event;
    const std::string name = recorded.info().name;
    const bool is_end = event.kind == EventKind::PathEnd;
    const std::string other =
        path_name(is_end ? recorded.info().interrupted.value : event.value, event.number);
    const bool is_task = recorded.info().kind == PathKind::Task;
    switch (event.kind) {
        case EventKind::PathBegin:
            if (is_task) return fmt::format("{} is created", name);
            return other.empty() ? fmt::format("{} arrives", name)
                                 : fmt::format("{} interrupts {}", name, other);
        case EventKind::PathEnd:
            if (is_task) return fmt::format("{} ends", name);
            return other.empty() ? fmt::format("{} returns", name)
                                 : fmt::format("{} returns to {}", name, other);
        case EventKind::PathBlock:
            return recorded.text().empty() ? "sleeps" : fmt::format("sleeps ({})", recorded.text());
        case EventKind::PathWake:
            return other.empty() ? fmt::format("{} wakes up", name)
                                 : fmt::format("{} is woken by {}", name, other);
        case EventKind::PathSwitch:
            return other.empty() ? fmt::format("{} runs", name)
                                 : fmt::format("{} preempts {}", name, other);
        case EventKind::Migrate:
            return fmt::format("{} comes from CPU {}", name, event.value);
        default:
            return context_change(recorded);
    }
}

std::string StepWords::context_change(const RecordedEvent& recorded) const {
    const uint32_t old_count = static_cast<uint32_t>(recorded.event.value);
    const bool old_irqs = (recorded.event.value >> 32) != 0;
    const uint32_t count = recorded.info().preempt_count;
    if (old_irqs != recorded.info().irqs_disabled)
        return on_or_off(recorded.info().irqs_disabled, "interrupts");
    const bool is_softirq = ((old_count ^ count) & trace::kSoftirqMask) != 0;
    const uint32_t mask = is_softirq ? trace::kSoftirqMask : trace::kPreemptMask;
    const bool nests = (old_count & mask) != 0 && (count & mask) != 0;
    std::string text = on_or_off((count & mask) != 0, is_softirq ? "softirqs" : "preemption");
    if (nests && !is_softirq) text += fmt::format(" (depth {})", count & mask);
    return text;
}

}  // namespace kloom::report
