#include "session/stage_runner.hpp"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <utility>

#include "explore/replay.hpp"
#include "session/worker_pool.hpp"

namespace kloom::session {

using explore::Strategy;
using trace::ExecutionEnd;

namespace {

// Written by a signal handler, read once per execution; nothing else depends on its order.
std::atomic<bool> interrupted{false};

// Work done after the first error to find others that lie near, in observed events.
constexpr uint64_t kEventsAfterError = 1'000'000;
// A stage that has run so many events, about a tenth of a second, is divided: what it costs to start workers, some ten
// milliseconds, is then worth it.
constexpr uint64_t kEventsBeforeDividing = 600'000;
// A part has about so many, against the fraction of a millisecond that it takes to send it and its result.
constexpr uint64_t kPartEvents = 300'000;
constexpr int kWaitMilliseconds = 20;
constexpr double kProgressIntervalSeconds = 0.1;
constexpr double kCheckpointIntervalSeconds = 10;
// The clock is read once per this many executions; a power of two.
constexpr uint64_t kExecutionsPerClockRead = 16;

double wall_seconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

void StageRunner::interrupt() { interrupted.store(true, std::memory_order_relaxed); }

bool StageRunner::is_interrupted() { return interrupted.load(std::memory_order_relaxed); }

StageRunner::StageRunner(Program& program, const SearchOptions& options, ProgressListener listener, trace::Claim& claim)
    : program_(program), options_(options), listener_(std::move(listener)), claim_(claim) {}

base::Result<void> StageRunner::begin() {
    started_at_ = wall_seconds();
    if (options_.checkpoint.empty() || !std::filesystem::exists(options_.checkpoint)) return {};
    resumed_ = TRY(read_checkpoint(options_.checkpoint, options_.checkpoint_key));
    take_over_checkpoint();
    return {};
}

base::Result<void> StageRunner::end(bool is_over) {
    std::error_code none;  // a file that is not there need not go
    if (is_over && !options_.checkpoint.empty()) std::filesystem::remove(options_.checkpoint, none);
    return saved_;
}

double StageRunner::seconds() const { return seconds_before_ + elapsed(); }

double StageRunner::elapsed() const { return wall_seconds() - started_at_; }

bool StageRunner::is_over_budget(Budget budget) {
    if (is_interrupted() || claim_.executions >= budget.executions) return true;
    if (state_.events >= budget.stage_events) return true;
    // Long executions are few, short ones are many: look at the clock often enough for either.
    if (claim_.executions % kExecutionsPerClockRead != 0 && claim_.executions > 2 * kExecutionsPerClockRead &&
        claim_.steps / claim_.executions < 1000)
        return false;
    return elapsed() >= budget.seconds;
}

bool StageRunner::has_enough() const {
    return program_.findings().has_errors() && (options_.stop_at_first || events_since_error_ > kEventsAfterError);
}

void StageRunner::tell_progress(const std::string& stage) {
    if (!listener_ || claim_.executions % kExecutionsPerClockRead != 0) return;
    const double now = elapsed();
    if (now - told_at_ < kProgressIntervalSeconds) return;
    told_at_ = now;
    listener_({.stage = stage,
               .stage_done = stage_done_,
               .executions = claim_.executions,
               .seconds = now,
               .budget_seconds = options_.budget_seconds,
               .findings = program_.findings().found().size()});
}

StageEnd StageRunner::run(const Stage& stage) {
    if (!resumed_) state_ = {.name = stage.name};
    stage_done_ = 0;
    StageEnd end = StageEnd::Grew;
    if (resumed_ && !resumed_->parts.empty()) end = run_divided(stage, std::exchange(resumed_, std::nullopt)->parts);
    resumed_.reset();
    while (end == StageEnd::Grew && !is_over_budget(stage.budget)) {
        state_ = {.name = stage.name, .events = state_.events};
        end = run_from_the_start(stage);
    }
    if (end == StageEnd::Grew) end = StageEnd::Budget;
    claim_.cut += state_.cut;
    return end;
}

StageEnd StageRunner::run_from_the_start(const Stage& stage) {
    const std::unique_ptr<Strategy> strategy = stage.make();
    const Counts at_start = counts();
    const bool divides = options_.workers > 1 || !options_.checkpoint.empty();
    while (strategy->begin_execution()) {
        const auto end = run_next(*strategy, stage);
        if (listener_) stage_done_ = strategy->progress();
        if (end == StageEnd::Budget && strategy->is_complete()) return StageEnd::Complete;
        if (end == StageEnd::Budget) {
            const std::vector<explore::Part> parts = strategy->split();
            state_.left_something_out |= strategy->leaves_something_out();
            save(parts.empty() ? at_start : counts(), parts);
        }
        if (end) return *end;
        if (!divides || strategy->is_complete() || state_.events - at_start.state.events < kEventsBeforeDividing) continue;
        const std::vector<explore::Part> parts = strategy->split();
        state_.left_something_out |= strategy->leaves_something_out();
        if (!parts.empty()) return run_divided(stage, parts);
    }
    return StageEnd::Complete;
}

// Runs the execution that the strategy has begun. A value when the stage ends with it.
std::optional<StageEnd> StageRunner::run_next(Strategy& strategy, const Stage& stage) {
    const size_t visible_before = program_.machine().visible().size();
    const ExecutionRecord record = run_execution(program_, strategy);
    if (strategy.has_diverged()) return StageEnd::Diverged;
    state_.left_something_out |= strategy.leaves_something_out();
    program_.findings().end_execution(strategy.schedule(), claim_.executions + 1);
    return count(record, program_.machine().visible().size() != visible_before, stage);
}

// What an execution means for the search. A value when the stage ends with it.
std::optional<StageEnd> StageRunner::count(const ExecutionRecord& record, bool grew, const Stage& stage) {
    ++claim_.executions;
    ++state_.executions;
    claim_.steps += record.steps;
    claim_.left_out |= record.left_out;
    state_.events += record.events;
    if (stage.is_random) ++claim_.sampled;
    if (record.end == ExecutionEnd::Abandoned) ++claim_.redundant;
    if (record.end == ExecutionEnd::Cut) ++state_.cut;
    if (program_.findings().has_errors()) events_since_error_ += record.events;
    tell_progress(stage.name);
    if (has_enough()) return StageEnd::Enough;
    if (grew) return StageEnd::Grew;
    if (is_over_budget(stage.budget)) return StageEnd::Budget;
    return std::nullopt;
}

// ---- workers --------------------------------------------------------------------------------------------------------------

StageEnd StageRunner::run_divided(const Stage& stage, const std::vector<explore::Part>& parts) {
    const std::unique_ptr<Strategy> strategy = stage.make();
    const trace::VisibleSet visible = program_.machine().visible();
    WorkerPool pool(options_.workers, [&](const explore::Part& part) {
        program_.machine().visible() = visible;  // parts that come earlier in the order know nothing of what others add
        return run_part(program_, *strategy, part, kPartEvents);
    });
    PartQueue queue(parts);
    Counts counted = counts();  // with all parts that are no longer in the queue
    while (!queue.empty()) {
        while (pool.has_idle()) {
            const PartQueue::Entry* next = queue.start_next();
            if (next == nullptr) break;
            pool.start(next->ticket, next->part);
        }
        for (WorkerPool::Done& done : pool.wait(kWaitMilliseconds)) queue.finish(done.ticket, std::move(done.result));
        while (!queue.empty()) {
            const PartQueue::Entry& front = queue.front();
            const bool is_nobodys = front.is_lost || (!front.is_started && !pool.has_workers());
            if (!front.result && !is_nobodys) break;
            const bool is_last = queue.is_last();
            const auto end = front.result ? take_over(*front.result, is_last, stage) : run_here(*strategy, front.part, is_last, stage);
            if (end == StageEnd::Budget) save(counted, queue.unfinished());
            if (end) return *end;
            if (front.result) stage_done_ = front.result->progress;
            queue.pop_front();
            counted = counts();
        }
        const double now = elapsed();
        const bool is_over = is_interrupted() || now >= stage.budget.seconds;
        if (is_over || now - saved_at_ >= kCheckpointIntervalSeconds) save(counted, queue.unfinished());
        if (is_over) return take_over_rest(queue, stage);
    }
    return StageEnd::Complete;
}

// Time is over: what workers have run already counts as well, although something before it was not run.
StageEnd StageRunner::take_over_rest(const PartQueue& queue, const Stage& stage) {
    for (const PartQueue::Entry& entry : queue) {
        if (!entry.result) continue;
        auto schedule = entry.result->schedules.begin();
        for (const ExecutionRecord& record : entry.result->records) {
            if (record.has_news && !show_again(record, *schedule++)) return StageEnd::Diverged;
            count(record, false, stage);
        }
    }
    return StageEnd::Budget;
}

// A part that killed its worker may do that to this process too: then the supervisor says so, as it would have without
// workers.
std::optional<StageEnd> StageRunner::run_here(Strategy& strategy, const explore::Part& part, bool is_last, const Stage& stage) {
    strategy.take_part(part);
    while (strategy.begin_execution()) {
        const auto end = run_next(strategy, stage);
        if (end) return end == StageEnd::Budget && is_last && strategy.is_complete() ? StageEnd::Complete : end;
    }
    return std::nullopt;
}

std::optional<StageEnd> StageRunner::take_over(const PartResult& result, bool is_last, const Stage& stage) {
    const trace::VisibleSet& visible = program_.machine().visible();
    state_.left_something_out |= result.leaves_something_out;
    auto schedule = result.schedules.begin();
    for (const ExecutionRecord& record : result.records) {
        const size_t visible_before = visible.size();
        if (record.has_news && !show_again(record, *schedule++)) return StageEnd::Diverged;
        const auto end = count(record, visible.size() != visible_before, stage);
        if (end) return end == StageEnd::Budget && is_last && &record == &result.records.back() ? StageEnd::Complete : end;
    }
    if (result.has_diverged) return StageEnd::Diverged;
    return std::nullopt;
}

// What a worker has found is known here only once it has been run here as well.
bool StageRunner::show_again(const ExecutionRecord& record, const trace::Schedule& schedule) {
    explore::Replay replay(schedule, record.end == ExecutionEnd::Abandoned ? record.steps : explore::Replay::kNoEnd);
    replay.begin_execution();
    run_execution(program_, replay);
    program_.findings().end_execution(schedule, claim_.executions + 1);
    return replay.fits();
}

// ---- checkpoints ------------------------------------------------------------------------------------------------------------

StageRunner::Counts StageRunner::counts() const {
    return {.claim = claim_, .events_since_error = events_since_error_, .state = state_};
}

// What those counts say, and the parts that are left then. The first thing that goes wrong is told in the end.
void StageRunner::save(const Counts& counts, const std::vector<explore::Part>& parts) {
    saved_at_ = elapsed();
    if (options_.checkpoint.empty()) return;
    SearchState state{.claim = counts.claim,
                      .events_since_error = counts.events_since_error,
                      .stage = counts.state,
                      .parts = parts,
                      .visible = program_.machine().visible().addresses(),
                      .found = {}};
    state.claim.seconds = seconds();
    for (const FoundOnce& found : program_.findings().found())
        if (found.execution <= counts.claim.executions) state.found.push_back({found.schedule, found.execution});
    if (auto written = write_checkpoint(options_.checkpoint, options_.checkpoint_key, state); !written && saved_) saved_ = written;
}

// Findings are known here only once they have been run here.
void StageRunner::take_over_checkpoint() {
    claim_ = resumed_->claim;
    seconds_before_ = claim_.seconds;
    events_since_error_ = resumed_->events_since_error;
    state_ = resumed_->stage;
    for (const uintptr_t address : resumed_->visible) program_.machine().visible().insert(address, 1);
    for (const SearchState::Found& found : resumed_->found) {
        explore::Replay replay(found.schedule);
        replay.begin_execution();
        run_execution(program_, replay);
        program_.findings().end_execution(found.schedule, found.execution);
    }
}

}  // namespace kloom::session
