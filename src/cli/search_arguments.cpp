#include "cli/search_arguments.hpp"

#include <CLI/CLI.hpp>

#include "cli/values.hpp"
#include "session/worker_pool.hpp"

namespace kloom::cli {
namespace {

constexpr int kBoundMax = 100;
constexpr int kWorkersMax = 1024;

}  // namespace

void SearchArguments::add_to(CLI::App& command) {
    const std::string group = "Search";
    command
        .add_option(
            "--strategy", strategy_,
            "auto (default: bounds 0, 1, ... then everything), bounded, exhaustive, random, pct or pos")
        ->check(CLI::IsMember({"auto", "bounded", "exhaustive", "random", "pct", "pos"}))
        ->group(group);
    command
        .add_option("--bound", bound_, "Preemptions, interrupts and migrations at most (default 2)")
        ->check(CLI::Range(0, kBoundMax))
        ->group(group);
    command.add_option("--budget", budget_, "Time as 60s or executions as 5000 (default 10s, of which about 1s to try everything once the bound is complete)")
        ->group(group);
    command.add_option("--executions", executions_, "Executions at most")
        ->check(CLI::PositiveNumber)
        ->group(group);
    command.add_option("--seed", seed_, "Seed of random choices (default 1)")->group(group);
    command
        .add_option("--workers", workers_, "Processes that search side by side (default: one for each CPU); the result is the same")
        ->check(CLI::Range(1, kWorkersMax))
        ->group(group);
    command.add_option("--checkpoint", checkpoint_, "File that keeps what a search that is stopped has done; the next one goes on from there")
        ->group(group);
    command.add_flag("--stop-at-first", stop_at_first_, "End with the first error")->group(group);
}

base::Result<session::SearchOptions> SearchArguments::options() const {
    session::SearchOptions options;
    if (strategy_ == "auto") options.strategy = session::StrategyKind::Portfolio;
    if (strategy_ == "bounded") options.strategy = session::StrategyKind::Bounded;
    if (strategy_ == "exhaustive") options.strategy = session::StrategyKind::Exhaustive;
    if (strategy_ == "random") options.strategy = session::StrategyKind::Random;
    if (strategy_ == "pct") options.strategy = session::StrategyKind::Pct;
    if (strategy_ == "pos") options.strategy = session::StrategyKind::Pos;
    options.bound = bound_;
    if (!budget_.empty()) {
        TRY_VOID(parse_budget(budget_, options));
        options.exhaustive_events = options.exhaustive_events_with_warnings = ~uint64_t{0};  // who gives time wants it used
    }
    if (executions_ != 0) options.budget_executions = executions_;
    options.seed = seed_;
    options.stop_at_first = stop_at_first_;
    options.checkpoint = checkpoint_;
    options.workers = workers_ != 0 ? workers_ : session::available_cpus();
    return options;
}

std::string SearchArguments::key() const {
    return "--strategy=" + strategy_ + " --bound=" + std::to_string(bound_) +
           " --seed=" + std::to_string(seed_) + (stop_at_first_ ? " --stop-at-first" : "");
}

}  // namespace kloom::cli
