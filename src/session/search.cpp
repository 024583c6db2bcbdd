#include "session/search.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>

#include "explore/bounded.hpp"
#include "explore/random.hpp"
#include "explore/sleep_sets.hpp"
#include "explore/sparse_random.hpp"

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

Search::StageEnd Search::run_executions(Strategy& strategy, const std::string& name, Budget budget, bool& grew) {
    FindingCollector& findings = program_.findings();
    const trace::VisibleSet& visible = program_.machine().visible();
    while (strategy.begin_execution()) {
        const size_t visible_before = visible.size();
        findings.begin_execution();
        const trace::ExecutionSummary summary = program_.run(strategy);
        strategy.end_execution(summary);
        if (strategy.has_diverged()) return StageEnd::Diverged;
        ++claim_.executions;
        claim_.steps += summary.steps;
        stage_events_ += summary.events;
        if (summary.end == ExecutionEnd::Abandoned) ++claim_.redundant;
        if (summary.end == ExecutionEnd::Cut) ++stage_cut_;
        findings.end_execution(strategy.schedule(), claim_.executions);
        if (findings.has_errors()) events_since_error_ += summary.events;
        tell_progress(name);
        if (has_enough()) return StageEnd::Enough;
        if (visible.size() != visible_before) {
            grew = true;
            return StageEnd::Complete;
        }
        if (is_over_budget(budget)) return strategy.is_complete() ? StageEnd::Complete : StageEnd::Budget;
    }
    stage_was_exhaustive_ = strategy.is_exhaustive();
    return StageEnd::Complete;
}

Search::StageEnd Search::run_stage(const std::string& name, const std::function<std::unique_ptr<Strategy>()>& make, Budget budget) {
    stage_events_ = 0;
    for (bool grew = true; grew;) {
        grew = false;
        stage_was_exhaustive_ = false;
        stage_cut_ = 0;
        const std::unique_ptr<Strategy> strategy = make();
        last_end_ = run_executions(*strategy, name, budget, grew);
        if (grew && is_over_budget(budget)) last_end_ = StageEnd::Budget, grew = false;
    }
    claim_.cut += stage_cut_;
    return last_end_;
}

bool Search::should_probe() const {
    return options_.strategy == StrategyKind::Portfolio && !program_.findings().has_errors() &&
           claim_.steps / claim_.executions >= kProbeSteps;
}

// Looks here and there before the bounds go through everything in order, which in a long program takes them long to get
// to what shows at many places. Claims nothing.
void Search::probe(double seconds_max) {
    run_stage("probe", [&] { return std::make_unique<explore::SparseRandomSearch>(options_.seed, kProbeDeviations); },
              {.seconds = seconds_max,
               .executions = std::min(options_.budget_executions, claim_.executions + kProbeExecutions),
               .stage_events = kProbeEvents});
}

// Returns whether the search should go on with other stages.
bool Search::run_bounds(int bound_max, double seconds_max) {
    for (int bound = 0; bound <= bound_max; ++bound) {
        if (bound == 1 && should_probe()) probe(seconds_max);
        if (claim_.kind == ClaimKind::Partial) claim_.bound = bound;
        const StageEnd end = run_stage("bound " + std::to_string(bound), [&] { return std::make_unique<explore::BoundedSearch>(bound); },
                                       {seconds_max, options_.budget_executions});
        if (end != StageEnd::Complete) return end == StageEnd::Budget;
        claim_.kind = stage_was_exhaustive_ && stage_cut_ == 0 ? ClaimKind::Exhaustive : ClaimKind::Bounded;
        claim_.bound = bound;
        claim_.reached_goal = stage_cut_ == 0 && (bound >= options_.bound || claim_.kind == ClaimKind::Exhaustive);
        if (claim_.kind == ClaimKind::Exhaustive) return false;
        if (program_.findings().has_errors() && bound >= kBoundAfterError) return false;
    }
    return true;
}

void Search::run_portfolio() {
    const Budget whole{options_.budget_seconds, options_.budget_executions};
    if (!run_bounds(options_.bound, options_.budget_seconds * kBoundedShare)) return;
    if (!claim_.reached_goal) {  // even the bounded space is too large: sample the rest
        run_stage("random", [&] { return std::make_unique<explore::RandomSearch>(options_.seed); }, whole);
        return;
    }
    const bool has_warnings = !program_.findings().found().empty();  // with an error the search is over
    const Budget rest{.seconds = options_.budget_seconds,
                      .executions = options_.budget_executions,
                      .stage_events = has_warnings ? options_.exhaustive_events_with_warnings : options_.exhaustive_events};
    const StageEnd end = run_stage("exhaustive", [] { return std::make_unique<explore::SleepSetSearch>(); }, rest);
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
            if (run_stage("exhaustive", [] { return std::make_unique<explore::SleepSetSearch>(); }, whole) == StageEnd::Complete) {
                claim_.kind = stage_cut_ == 0 ? ClaimKind::Exhaustive : ClaimKind::Partial;
                claim_.reached_goal = stage_cut_ == 0;
            }
            break;
        case StrategyKind::Random:
            run_stage("random", [&] { return std::make_unique<explore::RandomSearch>(options_.seed); }, whole);
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
