#include "session/search.hpp"

#include <algorithm>
#include <memory>

#include "explore/bounded.hpp"
#include "explore/pct.hpp"
#include "explore/pos.hpp"
#include "explore/random.hpp"
#include "explore/sleep_sets.hpp"
#include "explore/sparse_random.hpp"

namespace kloom::session {

using trace::ClaimKind;

namespace {

constexpr const char* kProbe = "probe";
constexpr const char* kRandom = "random";
constexpr const char* kExhaustive = "exhaustive";

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

}  // namespace

void Search::interrupt() { StageRunner::interrupt(); }

Search::Search(Program& program, const SearchOptions& options, ProgressListener listener)
    : program_(program), options_(options), runner_(program, options_, std::move(listener), claim_) {}

StageEnd Search::run(const Stage& stage) {
    last_end_ = runner_.run(stage);
    return last_end_;
}

bool Search::should_probe() const {
    return options_.strategy == StrategyKind::Portfolio && !program_.findings().has_errors() &&
           claim_.steps / claim_.executions >= kProbeSteps;
}

// Looks here and there before the bounds go through everything in order, which in a long program takes them long to get
// to what shows at many places. Claims nothing.
void Search::probe(double seconds_max) {
    run({.name = kProbe,
         .make = [&] { return std::make_unique<explore::SparseRandomSearch>(options_.seed, kProbeDeviations); },
         .budget = {.seconds = seconds_max,
                    .executions = std::min(options_.budget_executions, claim_.executions + kProbeExecutions),
                    .stage_events = kProbeEvents},
         .is_random = true});
}

// Returns whether the search should go on with other stages.
bool Search::run_bounds(int bound_max, double seconds_max) {
    for (int bound = 0; bound <= bound_max; ++bound) {
        if (bound == 1 && !runner_.is_past(kProbe) && should_probe()) probe(seconds_max);
        const std::string name = "bound " + std::to_string(bound);
        if (runner_.is_past(name)) continue;
        if (claim_.kind == ClaimKind::Partial) claim_.bound = bound;
        const StageEnd end = run({.name = name,
                                  .make = [&] { return std::make_unique<explore::BoundedSearch>(bound); },
                                  .budget = {seconds_max, options_.budget_executions}});
        if (end != StageEnd::Complete) return end == StageEnd::Budget;
        claim_.kind = !runner_.state().left_something_out && runner_.state().cut == 0 ? ClaimKind::Exhaustive : ClaimKind::Bounded;
        claim_.bound = bound;
        claim_.reached_goal = runner_.state().cut == 0 && (bound >= options_.bound || claim_.kind == ClaimKind::Exhaustive);
        if (claim_.kind == ClaimKind::Exhaustive) return false;
        if (program_.findings().has_errors() && bound >= kBoundAfterError) return false;
    }
    return true;
}

// One way to choose, or all of them in turn.
void Search::run_random(StrategyKind kind) {
    explore::PctSpace space{static_cast<uint32_t>(claim_.sampled_paths), static_cast<uint32_t>(claim_.sampled_points)};
    const auto uses = [&](StrategyKind picker) { return kind == picker || kind == StrategyKind::Portfolio; };
    const uint64_t kinds = kind == StrategyKind::Portfolio ? 3 : 1;
    const auto make = [&] {
        std::vector<std::unique_ptr<explore::Picker>> pickers;
        if (uses(StrategyKind::Pct)) pickers.push_back(std::make_unique<explore::PctPicker>(&space));
        if (uses(StrategyKind::Pos)) pickers.push_back(std::make_unique<explore::PosPicker>());
        if (uses(StrategyKind::Random)) pickers.push_back(std::make_unique<explore::UniformPicker>());
        return std::make_unique<explore::RandomSearch>(options_.seed, std::move(pickers));
    };
    run({.name = kRandom,
         .make = make,
         .budget = {options_.budget_seconds, options_.budget_executions},
         .is_random = true});
    if (!uses(StrategyKind::Pct)) return;
    claim_.sampled_paths = space.paths;
    claim_.sampled_points = space.points;
    for (uint32_t depth = 1; depth <= explore::PctPicker::kDepthMax; ++depth)
        claim_.miss_chances.push_back(
            explore::pct_miss_chance(runner_.state().executions / kinds / explore::PctPicker::kDepthMax, depth, space));
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
    const StageEnd end = run({kExhaustive, [] { return std::make_unique<explore::SleepSetSearch>(); }, rest});
    if (end == StageEnd::Complete && runner_.state().cut == 0) claim_.kind = ClaimKind::Exhaustive;
}

base::Result<trace::Claim> Search::run() {
    TRY_VOID(runner_.begin());
    claim_.seed = options_.seed;
    const Budget whole{options_.budget_seconds, options_.budget_executions};
    switch (options_.strategy) {
        case StrategyKind::Portfolio: run_portfolio(); break;
        case StrategyKind::Bounded: run_bounds(options_.bound, options_.budget_seconds); break;
        case StrategyKind::Exhaustive:
            if (run({kExhaustive, [] { return std::make_unique<explore::SleepSetSearch>(); }, whole}) == StageEnd::Complete) {
                claim_.kind = runner_.state().cut == 0 ? ClaimKind::Exhaustive : ClaimKind::Partial;
                claim_.reached_goal = runner_.state().cut == 0;
            }
            break;
        case StrategyKind::Random:
        case StrategyKind::Pct:
        case StrategyKind::Pos:
            run_random(options_.strategy);
            claim_.kind = ClaimKind::Sampled;
            claim_.reached_goal = !StageRunner::is_interrupted();  // the budget is the goal
            break;
    }
    if (last_end_ == StageEnd::Diverged)
        return base::Error{.message = "the same choices led to different executions, so nothing can be claimed",
                           .hint = "the module depends on something outside the machine (inline assembly, an uninitialised "
                                   "variable on a stack); please report it if it does not"};
    TRY_VOID(runner_.end(last_end_ != StageEnd::Budget));
    claim_.seconds = runner_.seconds();
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
    if ((claim_.left_out & trace::kLeftOutMigrations) != 0)
        claim_.limits.push_back("a task migrates at most " + std::to_string(trace::kMigrationsMax) + " times");
    if ((claim_.left_out & trace::kLeftOutPreemptions) != 0)
        claim_.limits.push_back("of the tasks that wait for a CPU, only the first " + std::to_string(trace::kPreemptTargetsMax) + " may preempt");
    if ((claim_.left_out & trace::kLeftOutAlternatives) != 0)
        claim_.limits.push_back("some choice points had more alternatives than were tried");
    if (claim_.cut != 0)
        claim_.limits.push_back(std::to_string(claim_.cut) + " executions were cut after " + std::to_string(config.events_max) + " events");
}

}  // namespace kloom::session
