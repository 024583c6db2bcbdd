#include "report/json.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

#include "report/causes.hpp"
#include "report/claim.hpp"
#include "report/story.hpp"

namespace kloom::report {

using Json = nlohmann::ordered_json;
using trace::Severity;
using trace::ShownFinding;

namespace {

constexpr int kFormatVersion = 1;
constexpr int kIndent = 2;

const char* kind_name(StepKind kind) {
    switch (kind) {
        case StepKind::Access:
            return "access";
        case StepKind::Lock:
            return "lock";
        case StepKind::Memory:
            return "memory";
        case StepKind::Context:
            return "context";
        case StepKind::Other:
            return "other";
        case StepKind::Ellipsis:
            return "ellipsis";
    }
    return "";
}

Json to_json(const StoryStep& step) {
    if (step.kind == StepKind::Ellipsis)
        return {{"kind", kind_name(step.kind)}, {"skipped", step.skipped}};
    return {{"n", step.number},        {"kind", kind_name(step.kind)},
            {"cpu", step.cpu.value},   {"path", step.path_full_name},
            {"file", step.place.file}, {"line", step.place.line},
            {"source", step.source},   {"what", step.what},
            {"value", step.value},     {"note", step.note},
            {"site", step.is_site}};
}

Json to_json(const ShownFinding& shown, const trace::Symbols& symbols,
             const ReplayPointer& replay) {
    const Story story = tell_story(shown, symbols);
    const trace::Finding& finding = shown.finding;
    int cost = 0;
    Json schedule = Json::array();
    for (const trace::Deviation& deviation : shown.schedule) {
        cost += deviation.cost;
        schedule.push_back(std::to_string(deviation.position) + " " +
                           trace::to_string(deviation.choice));
    }
    Json steps = Json::array();
    for (const StoryStep& step : story.steps) steps.push_back(to_json(step));
    Json aftermath = Json::array();
    for (const Aftermath& after : story.aftermath)
        aftermath.push_back({{"at_unload", after.is_at_unload},
                             {"what", after.what},
                             {"file", after.place.file},
                             {"line", after.place.line}});
    return {{"id", finding.id},
            {"severity", finding.severity == Severity::Error ? "error" : "warning"},
            {"message", story.message},
            {"file", story.place.file},
            {"line", story.place.line},
            {"function", story.place.function},
            {"object", finding.address != 0 ? symbols.describe(finding.address, finding.size) : ""},
            {"needs", causes_used(shown, story)},
            {"cost", cost},
            {"execution", shown.execution},
            {"schedule", std::move(schedule)},
            {"trace", replay.trace},
            {"replay", replay.command},
            {"steps", std::move(steps)},
            {"aftermath", std::move(aftermath)}};
}

Json to_json(const trace::Claim& claim) {
    return {{"kind", claim_kind_name(claim.kind)},
            {"bound", claim.bound},
            {"executions", claim.executions},
            {"redundant", claim.redundant},
            {"cut", claim.cut},
            {"steps", claim.steps},
            {"seconds", claim.seconds},
            {"seed", claim.seed},
            {"sampled", claim.sampled},
            {"miss_chances", claim.miss_chances},
            {"reached_goal", claim.reached_goal},
            {"text", claim_text(claim)}};
}

const char* verdict(const trace::Outcome& outcome) {
    const bool has_errors = std::any_of(
        outcome.findings.begin(), outcome.findings.end(),
        [](const ShownFinding& shown) { return shown.finding.severity == Severity::Error; });
    if (has_errors) return "findings";
    return outcome.claim.reached_goal ? "clean" : "incomplete";
}

}  // namespace

std::string render_json(const Report& report) {
    const trace::Outcome& outcome = report.outcome;
    Json findings = Json::array();
    for (size_t index = 0; index < outcome.findings.size(); ++index)
        findings.push_back(
            to_json(outcome.findings[index], report.symbols,
                    index < report.replays.size() ? report.replays[index] : ReplayPointer{}));
    const Json document = {{"kloom", kFormatVersion},
                           {"program", outcome.program},
                           {"program_hash", outcome.program_hash},
                           {"verdict", verdict(outcome)},
                           {"exit", report.exit_code},
                           {"findings", std::move(findings)},
                           {"claim", to_json(outcome.claim)},
                           {"limits", outcome.claim.limits},
                           {"notes", outcome.notes}};
    return document.dump(kIndent, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace kloom::report
