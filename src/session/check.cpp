#include "session/check.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <optional>

#include "explore/minimise.hpp"
#include "explore/replay.hpp"
#include "kernel/module/module.hpp"

namespace kloom::session {

using trace::Finding;
using trace::Severity;
using trace::ShownFinding;

namespace {

constexpr int kMinimiseAttemptsMax = 200;
// Minimisation of one finding runs at most so many events; long programs get fewer attempts.
constexpr uint64_t kMinimiseEventsMax = 2'000'000;
constexpr size_t kFindingsShownMax = 24;

// What to show first when one program has several: crashes, then what blocks, then wrong results and the misuse behind
// them, then consequences seen later.
constexpr std::array kImportance = {
    "null-dereference", "use-after-free", "double-free", "out-of-bounds", "invalid-free", "stack-overflow", "wild-access",
    "divide-error", "deadlock", "lost-wakeup", "lost-update", "stale-cpu", "remote-percpu", "sleep-in-atomic", "preempt-imbalance",
    "irq-imbalance", "unlock-not-owner", "lock-held-at-return", "soft-lockup", "lock-order", "data-race", "hang", "leak",
    "left-running", "assertion",
};

size_t rank(const FoundOnce& found) {
    const size_t severity = found.finding.severity == Severity::Error ? 0 : kImportance.size() + 1;
    const auto place = std::find_if(kImportance.begin(), kImportance.end(), [&](const char* id) { return std::strcmp(id, found.finding.id) == 0; });
    return severity + static_cast<size_t>(place - kImportance.begin());
}

// The same defect seen at other instructions of the same object is shown once.
std::vector<FoundOnce> most_important(std::vector<FoundOnce> found) {
    std::stable_sort(found.begin(), found.end(), [](const FoundOnce& a, const FoundOnce& b) { return rank(a) < rank(b); });
    std::vector<FoundOnce> kept;
    for (FoundOnce& candidate : found) {
        const auto same = [&](const FoundOnce& other) {
            return std::strcmp(other.finding.id, candidate.finding.id) == 0 && other.finding.address != 0 &&
                   other.finding.address == candidate.finding.address;
        };
        if (std::none_of(kept.begin(), kept.end(), same)) kept.push_back(std::move(candidate));
    }
    if (kept.size() > kFindingsShownMax) kept.resize(kFindingsShownMax);
    return kept;
}

std::optional<Finding> run_schedule(Program& program, explore::Replay& replay, uint64_t& events) {
    replay.begin_execution();
    program.findings().begin_execution();
    const trace::ExecutionSummary summary = program.run(replay);
    events += summary.events;
    replay.end_execution(summary);
    return program.findings().target_seen();
}

trace::Schedule minimise_finding(Program& program, const FoundOnce& found) {
    program.findings().set_target(found, FindingCollector::AfterTarget::Stop);  // what comes later needs no minimising
    uint64_t events = 0;
    const auto attempt = [&](const trace::Schedule& candidate) -> std::optional<trace::Schedule> {
        if (events > kMinimiseEventsMax) return std::nullopt;
        explore::Replay replay(candidate, explore::ReplayMode::Tolerant);
        if (!run_schedule(program, replay, events).has_value()) return std::nullopt;
        return replay.schedule();
    };
    return explore::minimise(found.schedule, attempt, kMinimiseAttemptsMax);
}

// Runs the finding once more under its minimal schedule, with a recorder unless one of `others` was recorded under the same.
base::Result<ShownFinding> show(Program& program, const FoundOnce& found, const std::vector<ShownFinding>& others) {
    ShownFinding shown;
    shown.schedule = minimise_finding(program, found);
    shown.execution = found.execution;
    const auto recorded = std::find_if(others.begin(), others.end(), [&](const ShownFinding& other) { return other.schedule == shown.schedule; });
    if (recorded != others.end()) shown.recording = recorded->recording;
    program.findings().set_target(found, FindingCollector::AfterTarget::GoOn);
    Recorder recorder(program.machine().memory());
    if (shown.recording == nullptr) program.set_recorder(&recorder);
    explore::Replay replay(shown.schedule);
    uint64_t events = 0;
    const std::optional<Finding> seen = run_schedule(program, replay, events);
    program.set_recorder(nullptr);
    program.findings().clear_target();
    if (!seen.has_value())
        return base::Error{.message = std::string("the finding ") + found.finding.id + " did not show again under its own schedule",
                           .hint = "the module depends on something outside the machine; please report it if it does not"};
    shown.finding = *seen;
    if (shown.recording == nullptr) shown.recording = std::make_shared<const trace::Recording>(recorder.take());
    return shown;
}

void add_notes(Program& program, trace::Outcome& outcome) {
    if (const int result = program.kernel().modules->load_result(); result != 0)
        outcome.notes.push_back("init returned " + std::to_string(result) + ": the module was not kept loaded");
}

trace::Outcome new_outcome(const Program& program) {
    trace::Outcome outcome;
    const ProgramOptions& options = program.options();
    outcome.program = !options.name.empty() ? options.name : options.sources.empty() ? program.module().name : options.sources.front();
    outcome.program_hash = program.module().program_hash;
    return outcome;
}

}  // namespace

base::Result<trace::Outcome> check(Program& program, const SearchOptions& options, const ProgressListener& listener) {
    trace::Outcome outcome = new_outcome(program);
    outcome.claim = TRY(Search(program, options, listener).run());
    add_notes(program, outcome);
    for (const FoundOnce& found : most_important(program.findings().found())) outcome.findings.push_back(TRY(show(program, found, outcome.findings)));
    return outcome;
}

base::Result<trace::Outcome> replay(Program& program, const trace::Schedule& schedule, const std::string& finding_id) {
    trace::Outcome outcome = new_outcome(program);
    Recorder recorder(program.machine().memory());
    program.set_recorder(&recorder);
    explore::Replay replay(schedule);
    replay.begin_execution();
    program.findings().begin_execution();
    const trace::ExecutionSummary summary = program.run(replay);
    replay.end_execution(summary);
    program.findings().end_execution(replay.schedule(), 1);
    program.set_recorder(nullptr);
    if (!replay.fits())
        return base::Error{.message = "the schedule does not fit the program: a choice that it names was not offered",
                           .hint = "the trace was changed or made by another version of kloom; make it again with kloom check"};
    outcome.claim.kind = trace::ClaimKind::Single;
    outcome.claim.executions = 1;
    outcome.claim.steps = summary.steps;
    outcome.claim.reached_goal = true;
    add_notes(program, outcome);
    const auto recording = std::make_shared<const trace::Recording>(recorder.take());
    for (FoundOnce& found : most_important(program.findings().found()))
        outcome.findings.push_back({.finding = found.finding, .schedule = schedule, .recording = recording});
    std::stable_partition(outcome.findings.begin(), outcome.findings.end(),
                          [&](const ShownFinding& shown) { return finding_id == shown.finding.id; });
    return outcome;
}

// As Linux does, it goes on after an access to memory that is no longer its own.
base::Result<trace::Outcome> run_once(Program& program) {
    program.findings().survive_corruption();
    return replay(program, {}, "");
}

}  // namespace kloom::session
