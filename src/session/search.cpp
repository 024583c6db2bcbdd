#include "session/search.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>

#include "explore/bounded.hpp"
#include "explore/pct.hpp"
#include "explore/pos.hpp"
#include "explore/random.hpp"
#include "explore/replay.hpp"
#include "explore/sleep_sets.hpp"
#include "explore/sparse_random.hpp"
#include "session/worker_pool.hpp"

namespace kloom::session {

using explore::Strategy;
using trace::ClaimKind;
using trace::ExecutionEnd;

namespace {

// Written by a signal handler, read once per execution; nothing else depends on its order.
std::atomic<bool> interrupted{false};

// Work done after the first error to find others that lie near, in observed events.
constexpr uint64_t kEventsAfterError = 1'000'000;
// A race is seen at bound 0 already, by its clocks; the wrong result that it leads to takes a deviation. So the search goes
// on at least to this bound after an error.
constexpr int kBoundAfterError = 1;
// The probe of the portfolio: few deviations, so that what it finds is easy to follow, and a small share of a second.
constexpr int kProbeDeviations = 3;
constexpr uint64_t kProbeEvents = 2'000'000;
constexpr uint64_t kProbeExecutions = 500;
// With fewer steps in an execution the next bound is quick by itself.
constexpr uint64_t kProbeSteps = 1000;
// A stage that has run so many events is divided, into parts of about as many: some ten milliseconds, against the fraction
// of one that it takes to send a part and its result.
constexpr uint64_t kPartEvents = 300'000;
constexpr int kWaitMilliseconds = 20;
// Share of the budget for the bounded stages of the portfolio, while the goal is not reached.
constexpr double kBoundedShare = 0.7;
constexpr double kProgressIntervalSeconds = 0.1;
// The clock is read once per this many executions; a power of two.
constexpr uint64_t kExecutionsPerClockRead = 16;

double wall_seconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

void Search::interrupt() { interrupted.store(true, std::memory_order_relaxed); }

Search::Search(Program& program, const SearchOptions& options, ProgressListener listener)
    : program_(program), options_(options), listener_(std::move(listener)) {}

double Search::elapsed() const { return wall_seconds() - started_at_; }

bool Search::is_over_budget(Budget budget) {
    if (interrupted.load(std::memory_order_relaxed) || claim_.executions >= budget.executions) return true;
    if (stage_events_ >= budget.stage_events) return true;
    // Long executions are few, short ones are many: look at the clock often enough for either.
    if (claim_.executions % kExecutionsPerClockRead != 0 && claim_.executions > 2 * kExecutionsPerClockRead &&
        claim_.steps / claim_.executions < 1000)
        return false;
    return elapsed() >= budget.seconds;
}

bool Search::has_enough() const {
    return program_.findings().has_errors() && (options_.stop_at_first || events_since_error_ > kEventsAfterError);
}

void Search::tell_progress(const std::string& stage) {
    if (!listener_ || claim_.executions % kExecutionsPerClockRead != 0) return;
    const double now = elapsed();
    if (now - told_at_ < kProgressIntervalSeconds) return;
    told_at_ = now;
    listener_({.stage = stage,
               .executions = claim_.executions,
               .seconds = now,
               .budget_seconds = options_.budget_seconds,
               .findings = program_.findings().found().size()});
}

Search::StageEnd Search::run_stage(const Stage& stage) {
    stage_events_ = 0;
    do {
        stage_left_something_out_ = false;
        stage_cut_ = executions_since_start_ = 0;
        last_end_ = run_from_the_start(stage);
    } while (last_end_ == StageEnd::Grew && !is_over_budget(stage.budget));
    if (last_end_ == StageEnd::Grew) last_end_ = StageEnd::Budget;
    claim_.cut += stage_cut_;
    return last_end_;
}

Search::StageEnd Search::run_from_the_start(const Stage& stage) {
    const std::unique_ptr<Strategy> strategy = stage.make();
    const uint64_t events_before = stage_events_;
    while (strategy->begin_execution()) {
        if (const auto end = run_next(*strategy, stage))
            return end == StageEnd::Budget && strategy->is_complete() ? StageEnd::Complete : *end;
        if (options_.workers == 1 || strategy->is_complete() || stage_events_ - events_before < kPartEvents) continue;
        const std::vector<explore::Part> parts = strategy->split();
        stage_left_something_out_ |= strategy->leaves_something_out();
        if (!parts.empty()) return run_divided(stage, parts);
    }
    return StageEnd::Complete;
}

// Runs the execution that the strategy has begun. A value when the stage ends with it.
std::optional<Search::StageEnd> Search::run_next(Strategy& strategy, const Stage& stage) {
    const size_t visible_before = program_.machine().visible().size();
    const ExecutionRecord record = run_execution(program_, strategy);
    if (strategy.has_diverged()) return StageEnd::Diverged;
    stage_left_something_out_ |= strategy.leaves_something_out();
    program_.findings().end_execution(strategy.schedule(), claim_.executions + 1);
    return count(record, program_.machine().visible().size() != visible_before, stage);
}

// What an execution means for the search. A value when the stage ends with it.
std::optional<Search::StageEnd> Search::count(const ExecutionRecord& record, bool grew, const Stage& stage) {
    ++claim_.executions;
    ++executions_since_start_;
    claim_.steps += record.steps;
    stage_events_ += record.events;
    if (record.end == ExecutionEnd::Abandoned) ++claim_.redundant;
    if (record.end == ExecutionEnd::Cut) ++stage_cut_;
    if (program_.findings().has_errors()) events_since_error_ += record.events;
    tell_progress(stage.name);
    if (has_enough()) return StageEnd::Enough;
    if (grew) return StageEnd::Grew;
    if (is_over_budget(stage.budget)) return StageEnd::Budget;
    return std::nullopt;
}

// ---- workers --------------------------------------------------------------------------------------------------------------

Search::StageEnd Search::run_divided(const Stage& stage, const std::vector<explore::Part>& parts) {
    const std::unique_ptr<Strategy> strategy = stage.make();
    const trace::VisibleSet visible = program_.machine().visible();
    WorkerPool pool(options_.workers, [&](const explore::Part& part) {
        program_.machine().visible() = visible;  // parts that come earlier in the order know nothing of what others add
        return run_part(program_, *strategy, part, kPartEvents);
    });
    PartQueue queue(parts);
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
            if (end) return *end;
            queue.pop_front();
        }
        if (interrupted.load(std::memory_order_relaxed) || elapsed() >= stage.budget.seconds) return take_over_rest(queue, stage);
    }
    return StageEnd::Complete;
}

// Time is over: what workers have run already counts as well, although something before it was not run.
Search::StageEnd Search::take_over_rest(const PartQueue& queue, const Stage& stage) {
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
std::optional<Search::StageEnd> Search::run_here(Strategy& strategy, const explore::Part& part, bool is_last, const Stage& stage) {
    strategy.take_part(part);
    while (strategy.begin_execution()) {
        const auto end = run_next(strategy, stage);
        if (end) return end == StageEnd::Budget && is_last && strategy.is_complete() ? StageEnd::Complete : end;
    }
    return std::nullopt;
}

std::optional<Search::StageEnd> Search::take_over(const PartResult& result, bool is_last, const Stage& stage) {
    const trace::VisibleSet& visible = program_.machine().visible();
    stage_left_something_out_ |= result.leaves_something_out;
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
bool Search::show_again(const ExecutionRecord& record, const trace::Schedule& schedule) {
    explore::Replay replay(schedule, record.end == ExecutionEnd::Abandoned ? record.steps : explore::Replay::kNoEnd);
    replay.begin_execution();
    run_execution(program_, replay);
    program_.findings().end_execution(schedule, claim_.executions + 1);
    return replay.fits();
}

// ---- stages ---------------------------------------------------------------------------------------------------------------

bool Search::should_probe() const {
    return options_.strategy == StrategyKind::Portfolio && !program_.findings().has_errors() &&
           claim_.steps / claim_.executions >= kProbeSteps;
}

// Looks here and there before the bounds go through everything in order, which in a long program takes them long to get
// to what shows at many places. Claims nothing.
void Search::probe(double seconds_max) {
    const uint64_t executions_before = claim_.executions;
    run_stage({"probe",
               [&] { return std::make_unique<explore::SparseRandomSearch>(options_.seed, kProbeDeviations); },
               {.seconds = seconds_max,
                .executions = std::min(options_.budget_executions, claim_.executions + kProbeExecutions),
                .stage_events = kProbeEvents}});
    claim_.sampled += claim_.executions - executions_before;
}

// Returns whether the search should go on with other stages.
bool Search::run_bounds(int bound_max, double seconds_max) {
    for (int bound = 0; bound <= bound_max; ++bound) {
        if (bound == 1 && should_probe()) probe(seconds_max);
        if (claim_.kind == ClaimKind::Partial) claim_.bound = bound;
        const StageEnd end = run_stage({"bound " + std::to_string(bound),
                                        [&] { return std::make_unique<explore::BoundedSearch>(bound); },
                                        {seconds_max, options_.budget_executions}});
        if (end != StageEnd::Complete) return end == StageEnd::Budget;
        claim_.kind = !stage_left_something_out_ && stage_cut_ == 0 ? ClaimKind::Exhaustive : ClaimKind::Bounded;
        claim_.bound = bound;
        claim_.reached_goal = stage_cut_ == 0 && (bound >= options_.bound || claim_.kind == ClaimKind::Exhaustive);
        if (claim_.kind == ClaimKind::Exhaustive) return false;
        if (program_.findings().has_errors() && bound >= kBoundAfterError) return false;
    }
    return true;
}

// One way to choose, or all of them in turn.
void Search::run_random(StrategyKind kind) {
    explore::PctSpace space;
    const auto uses = [&](StrategyKind picker) { return kind == picker || kind == StrategyKind::Portfolio; };
    const uint64_t kinds = kind == StrategyKind::Portfolio ? 3 : 1;
    const uint64_t executions_before = claim_.executions;
    const auto make = [&] {
        std::vector<std::unique_ptr<explore::Picker>> pickers;
        if (uses(StrategyKind::Pct)) pickers.push_back(std::make_unique<explore::PctPicker>(&space));
        if (uses(StrategyKind::Pos)) pickers.push_back(std::make_unique<explore::PosPicker>());
        if (uses(StrategyKind::Random)) pickers.push_back(std::make_unique<explore::UniformPicker>());
        return std::make_unique<explore::RandomSearch>(options_.seed, std::move(pickers));
    };
    run_stage({"random", make, {options_.budget_seconds, options_.budget_executions}});
    claim_.sampled += claim_.executions - executions_before;
    if (!uses(StrategyKind::Pct)) return;
    claim_.sampled_paths = space.paths;
    claim_.sampled_points = space.points;
    for (uint32_t depth = 1; depth <= explore::PctPicker::kDepthMax; ++depth)
        claim_.miss_chances.push_back(
            explore::pct_miss_chance(executions_since_start_ / kinds / explore::PctPicker::kDepthMax, depth, space));
}

void Search::run_portfolio() {
    if (!run_bounds(options_.bound, options_.budget_seconds * kBoundedShare)) return;
    if (!claim_.reached_goal) {  // even the bounded space is too large: sample the rest
        run_random(StrategyKind::Portfolio);
        return;
    }
    const bool has_warnings = !program_.findings().found().empty();  // with an error the search is over
    const Budget rest{.seconds = options_.budget_seconds,
                      .executions = options_.budget_executions,
                      .stage_events = has_warnings ? options_.exhaustive_events_with_warnings : options_.exhaustive_events};
    const StageEnd end = run_stage({"exhaustive", [] { return std::make_unique<explore::SleepSetSearch>(); }, rest});
    if (end == StageEnd::Complete && stage_cut_ == 0) claim_.kind = ClaimKind::Exhaustive;
}

base::Result<trace::Claim> Search::run() {
    started_at_ = wall_seconds();
    claim_.seed = options_.seed;
    const Budget whole{options_.budget_seconds, options_.budget_executions};
    switch (options_.strategy) {
        case StrategyKind::Portfolio: run_portfolio(); break;
        case StrategyKind::Bounded: run_bounds(options_.bound, options_.budget_seconds); break;
        case StrategyKind::Exhaustive:
            if (run_stage({"exhaustive", [] { return std::make_unique<explore::SleepSetSearch>(); }, whole}) == StageEnd::Complete) {
                claim_.kind = stage_cut_ == 0 ? ClaimKind::Exhaustive : ClaimKind::Partial;
                claim_.reached_goal = stage_cut_ == 0;
            }
            break;
        case StrategyKind::Random:
        case StrategyKind::Pct:
        case StrategyKind::Pos:
            run_random(options_.strategy);
            claim_.kind = ClaimKind::Sampled;
            claim_.reached_goal = !interrupted.load(std::memory_order_relaxed);  // the budget is the goal
            break;
    }
    if (last_end_ == StageEnd::Diverged)
        return base::Error{.message = "the same choices led to different executions, so nothing can be claimed",
                           .hint = "the module depends on something outside the machine (inline assembly, an uninitialised "
                                   "variable on a stack); please report it if it does not"};
    claim_.seconds = elapsed();
    describe_limits();
    return claim_;
}

void Search::describe_limits() {
    claim_.limits.push_back("memory is sequentially consistent: reordering by the CPU or the compiler is not modelled");
    const machine::MachineConfig& config = program_.options().machine;
    if (config.preempt == machine::PreemptModel::None) claim_.limits.push_back("no kernel preemption (--preempt none)");
    if (config.preempt == machine::PreemptModel::Voluntary) claim_.limits.push_back("voluntary kernel preemption only (--preempt voluntary)");
    if (!config.causes.interrupt) claim_.limits.push_back("no device interrupts arrive (--without interrupt)");
    if (!config.causes.softirq) claim_.limits.push_back("softirqs run in ksoftirqd only (--without softirq)");
    if (!config.causes.preemption) claim_.limits.push_back("no kernel preemption (--without preemption)");
    if (!config.causes.sleep) claim_.limits.push_back("a sleeping task keeps its CPU (--without sleep)");
    if (!config.causes.smp) claim_.limits.push_back("one CPU (--without smp)");
    if (claim_.cut != 0)
        claim_.limits.push_back(std::to_string(claim_.cut) + " executions were cut after " + std::to_string(config.events_max) + " events");
}

}  // namespace kloom::session
