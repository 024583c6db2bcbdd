#include "report/story.hpp"

#include <algorithm>
#include <string_view>

#include "report/names.hpp"
#include "report/step_words.hpp"
#include "report/story_selection.hpp"

namespace kloom::report {

using trace::Event;
using trace::EventKind;
using trace::RecordedEvent;

namespace {

// An access of the story and its step.
struct ToldAccess {
    const Event* event;
    int step;
};

bool overlap(const Event& a, const Event& b) {
    return a.address < b.address + b.size && b.address < a.address + a.size;
}

bool writes(const Event& event) {
    return (event.flags & trace::kWrite) != 0 && (event.flags & trace::kFailedCompare) == 0;
}

// "overwrites step 3": between this path's last read of the place and its write, step 3 wrote
// there.
std::string overwriting_note(const std::vector<ToldAccess>& told, const Event& write) {
    if ((write.flags & trace::kRead) != 0) return "";
    const ToldAccess* foreign = nullptr;
    for (auto access = told.rbegin(); access != told.rend(); ++access) {
        if (!overlap(*access->event, write)) continue;
        if (access->event->path == write.path)
            return foreign != nullptr && !writes(*access->event)
                       ? "overwrites step " + std::to_string(foreign->step)
                       : "";
        if (foreign == nullptr && writes(*access->event)) foreign = &*access;
    }
    return "";
}

// Roles list what a path does: "holds a, waits for b". Leaves out the part that the step says.
std::string without_repetition(const std::string& role, const std::string& what) {
    if (role.ends_with(", " + what)) return role.substr(0, role.size() - what.size() - 2);
    if (role.starts_with(what + ", ")) return role.substr(what.size() + 2);
    return role;
}

// A detector's word for a site, unless the step says as much.
std::string role_note(const trace::Finding& finding, const Event& event, const std::string& what) {
    for (const trace::FindingSite& site : finding.sites) {
        if (site.event_number != event.number || site.path != event.path) continue;
        const bool is_plain_verb =
            event.kind == EventKind::Access && site.role.find(' ') == std::string::npos;
        const bool is_told =
            event.kind == EventKind::Migrate || event.kind == EventKind::CpuNumberRead ||
            event.kind == EventKind::PathBlock || event.kind == EventKind::PerCpuAddress;
        if (is_plain_verb || is_told || what.find(site.role) != std::string::npos) return "";
        return without_repetition(site.role, what);
    }
    return "";
}

StoryStep ellipsis(const StoryStep& before, size_t skipped) {
    StoryStep step;
    step.kind = StepKind::Ellipsis;
    step.cpu = before.cpu;
    step.path = before.path;
    step.path_name = before.path_name;
    step.path_full_name = before.path_full_name;
    step.runs_next = before.path;
    step.skipped = skipped;
    step.what =
        "... " + std::to_string(skipped) + (skipped == 1 ? " step" : " steps") + " like these ...";
    return step;
}

class Teller {
  public:
    Teller(const trace::ShownFinding& shown, const trace::Symbols& symbols)
        : shown_(shown),
          names_(*shown.recording, symbols),
          words_(*shown.recording, symbols, names_),
          symbols_(symbols) {}

    Story tell() {
        const Selection selection = StorySelector(shown_, symbols_).select();
        tell_steps(selection);  // gives heap objects their letters
        names_.fix_letters();
        Story story;
        story.steps = tell_steps(selection);
        for (size_t index : selection.aftermath) story.aftermath.push_back(aftermath(index));
        story.message = expand_message(shown_.finding, names_);
        if (!shown_.finding.sites.empty())
            story.place = place_of(shown_.finding.sites.front(), story);
        story.legend = names_.legend();
        for (const Event* allocation : names_.named()) story.objects.push_back(allocation->address);
        return story;
    }

  private:
    // Where a site is; an event without a place of its own is where its path was last.
    trace::SourceLocation place_of(const trace::FindingSite& site, const Story& story) const {
        trace::SourceLocation place = symbols_.locate(site.pc);
        for (const StoryStep& step : story.steps)
            if (!place.is_known() && step.is_site && step.path == site.path) place = step.place;
        return place;
    }

    std::vector<StoryStep> tell_steps(const Selection& selection) {
        std::vector<StoryStep> steps;
        std::vector<ToldAccess> told;
        int number = 0;
        size_t lone = 0;
        const auto tell_lone_sites = [&](uint64_t before) {
            for (; lone < selection.lone_sites.size(); ++lone) {
                const trace::FindingSite& site = shown_.finding.sites[selection.lone_sites[lone]];
                if (site.event_number >= before) return;
                steps.push_back(words_.step(site));
                steps.back().number = ++number;
            }
        };
        for (const Selected& selected : selection.steps) {
            const RecordedEvent& recorded = shown_.recording->events[selected.index];
            tell_lone_sites(recorded.event.number);
            StoryStep step = words_.step(recorded, selected.is_granted);
            if (selected.skipped_before != 0)
                steps.push_back(ellipsis(step, selected.skipped_before));
            step.number = ++number;
            step.is_site = selected.weight == Weight::Site;
            const bool is_access = recorded.event.kind == EventKind::Access;
            if (is_access && writes(recorded.event))
                step.note = overwriting_note(told, recorded.event);
            if (step.what.empty()) step.what = role_of(recorded.event);
            if (ends_here(recorded.event)) forget_value(step);
            if (step.note.empty()) step.note = role_note(shown_.finding, recorded.event, step.what);
            if (is_access) told.push_back({&recorded.event, number});
            steps.push_back(std::move(step));
        }
        tell_lone_sites(~uint64_t{0});
        return steps;
    }

    std::string role_of(const Event& event) const {
        for (const trace::FindingSite& site : shown_.finding.sites)
            if (site.event_number == event.number && !site.role.empty()) return site.role;
        return "runs";
    }

    bool ends_here(const Event& event) const {
        const trace::Finding& finding = shown_.finding;
        return finding.ends_execution && finding.sites.front().event_number == event.number;
    }

    // An access that ended the execution has read and written nothing.
    static void forget_value(StoryStep& step) {
        const size_t equals = step.what.rfind(" = ");
        if (step.kind == StepKind::Access && equals != std::string::npos) step.what.erase(equals);
        step.value.clear();
    }

    Aftermath aftermath(size_t index) {
        const auto& events = shown_.recording->events;
        const auto end = events.begin() + static_cast<ptrdiff_t>(index);
        const auto is_unload = [](const RecordedEvent& before) {
            return before.event.kind == EventKind::ModuleUnload;
        };
        const StoryStep step = words_.step(events[index]);
        const bool shows_condition = step.source.find("WARN") != std::string::npos ||
                                     step.source.find("BUG") != std::string::npos;
        std::string what = shows_condition ? step.source : step.what;
        if (what.ends_with(';')) what.pop_back();
        return {.is_at_unload = std::any_of(events.begin(), end, is_unload),
                .what = what + values_read(index, step.place),
                .place = step.place};
    }

    // ", V = 2": what the line of the assertion read just before.
    std::string values_read(size_t assertion, const trace::SourceLocation& place) {
        constexpr int kEventsBack = 64;
        constexpr std::string_view kReads = "reads ";
        const auto& events = shown_.recording->events;
        std::string text;
        int left = kEventsBack;
        for (size_t index = assertion; index-- != 0 && left > 0;) {
            const RecordedEvent& before = events[index];
            if (before.event.path != events[assertion].event.path) continue;
            --left;
            if (before.event.kind != EventKind::Access ||
                (before.event.flags & trace::kByKernel) != 0)
                continue;
            if (symbols_.locate(before.event.pc).line != place.line) continue;
            const StoryStep read = words_.step(before);
            if (read.what.starts_with(kReads)) text = ", " + read.what.substr(kReads.size()) + text;
        }
        return text;
    }

    const trace::ShownFinding& shown_;
    Names names_;
    StepWords words_;
    const trace::Symbols& symbols_;
};

}  // namespace

Story tell_story(const trace::ShownFinding& shown, const trace::Symbols& symbols) {
    return Teller(shown, symbols).tell();
}

}  // namespace kloom::report
