#include "report/causes.hpp"

#include <algorithm>

namespace kloom::report {

using trace::ChoiceKind;
using trace::EventKind;
using trace::PathKind;

namespace {

bool is_forced(const trace::ShownFinding& shown, ChoiceKind kind) {
    return std::any_of(
        shown.schedule.begin(), shown.schedule.end(),
        [&](const trace::Deviation& deviation) { return deviation.choice.kind == kind; });
}

bool has_handler(const Story& story, PathKind kind) {
    return std::any_of(story.steps.begin(), story.steps.end(),
                       [&](const StoryStep& step) { return step.path_kind == kind; });
}

// The story goes on after such a step, with another path on that CPU.
bool gives_way_by(const Story& story, EventKind kind) {
    const auto& steps = story.steps;
    for (size_t index = 0; index < steps.size(); ++index) {
        if (steps[index].event_kind != kind) continue;
        const bool other_runs =
            std::any_of(steps.begin() + static_cast<ptrdiff_t>(index), steps.end(),
                        [&](const StoryStep& later) {
                            return later.cpu == steps[index].cpu && later.path != steps[index].path;
                        });
        if (other_runs || kind == EventKind::PathSwitch) return true;
    }
    return false;
}

bool has_sites_on_several_cpus(const trace::Finding& finding) {
    return std::any_of(
        finding.sites.begin(), finding.sites.end(), [&](const trace::FindingSite& site) {
            return site.cpu != trace::kNoCpu && site.cpu != finding.sites.front().cpu;
        });
}

}  // namespace

std::vector<std::string> causes_used(const trace::ShownFinding& shown, const Story& story) {
    std::vector<std::string> causes;
    if (has_sites_on_several_cpus(shown.finding) || is_forced(shown, ChoiceKind::Step) ||
        is_forced(shown, ChoiceKind::Migrate))
        causes.push_back("smp");
    if (has_handler(story, PathKind::Hardirq) || is_forced(shown, ChoiceKind::Interrupt) ||
        is_forced(shown, ChoiceKind::Timer))
        causes.push_back("interrupt");
    if (has_handler(story, PathKind::Softirq)) causes.push_back("softirq");
    if (is_forced(shown, ChoiceKind::Preempt) || gives_way_by(story, EventKind::PathSwitch))
        causes.push_back("preemption");
    if (gives_way_by(story, EventKind::PathBlock)) causes.push_back("sleep");
    return causes;
}

}  // namespace kloom::report
