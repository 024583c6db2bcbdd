// Search: explores a program's interleavings within a budget and says exactly what was proven.
//
// A search is a list of stages, each one strategy:
//
//   bound 0                          the undisturbed executions
//   probe                            some with a few random deviations, of a program with long ones
//   bound 1, ... bound k             every schedule with at most so many deviations; most defects need few
//   sleep sets                       everything, when time is left
//   random                           when a bound was too much for the budget
//
// A stage starts again whenever an execution made another memory location visible (trace/visible_set.hpp). The search
// stops at the end of the first stage that found an error, or a fixed amount of work after the error, whichever is first,
// so that what it reports does not depend on how fast the machine is.
//
// A stage that takes long is divided among worker processes. Their results count in the order of the search, and one by
// one as if they had been run here, so that it ends at the same execution, with the same findings, whatever their number.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "explore/strategy.hpp"
#include "session/part_queue.hpp"
#include "session/part_runner.hpp"
#include "session/program.hpp"
#include "trace/outcome.hpp"

namespace kloom::session {

struct Progress {
    std::string stage;
    uint64_t executions = 0;
    double seconds = 0;
    double budget_seconds = 0;
    size_t findings = 0;
};

using ProgressListener = std::function<void(const Progress&)>;

class Search {
  public:
    Search(Program& program, const SearchOptions& options, ProgressListener listener);

    // Errors are kloom's or the program's nondeterminism; findings are in program.findings().
    base::Result<trace::Claim> run();

    // Makes the search stop at the end of the current execution (signal handlers call it).
    static void interrupt();

  private:
    enum class StageEnd { Complete, Budget, Enough, Grew, Diverged };
    struct Budget {
        double seconds;
        uint64_t executions;
        uint64_t stage_events = ~uint64_t{0};
    };
    struct Stage {
        std::string name;
        std::function<std::unique_ptr<explore::Strategy>()> make;
        Budget budget;
    };

    StageEnd run_stage(const Stage& stage);
    StageEnd run_from_the_start(const Stage& stage);
    std::optional<StageEnd> run_next(explore::Strategy& strategy, const Stage& stage);
    StageEnd run_divided(const Stage& stage, const std::vector<explore::Part>& parts);
    std::optional<StageEnd> run_here(explore::Strategy& strategy, const explore::Part& part, bool is_last, const Stage& stage);
    std::optional<StageEnd> take_over(const PartResult& result, bool is_last, const Stage& stage);
    StageEnd take_over_rest(const PartQueue& queue, const Stage& stage);
    bool show_again(const ExecutionRecord& record, const trace::Schedule& schedule);
    std::optional<StageEnd> count(const ExecutionRecord& record, bool grew, const Stage& stage);
    bool should_probe() const;
    void probe(double seconds_max);
    bool run_bounds(int bound_max, double seconds_max);
    void run_portfolio();
    void run_random(StrategyKind kind);
    bool is_over_budget(Budget budget);
    bool has_enough() const;
    void tell_progress(const std::string& stage);
    double elapsed() const;
    void describe_limits();

    Program& program_;
    SearchOptions options_;
    ProgressListener listener_;
    trace::Claim claim_;
    double started_at_ = 0;
    double told_at_ = 0;
    uint64_t events_since_error_ = 0;
    StageEnd last_end_ = StageEnd::Complete;
    bool stage_left_something_out_ = false;
    uint64_t stage_cut_ = 0;
    uint64_t stage_events_ = 0;  // of all starts of the stage
    uint64_t executions_since_start_ = 0;  // of the stage
};

}  // namespace kloom::session
