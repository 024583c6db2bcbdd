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
#pragma once

#include <functional>
#include <string>

#include "base/result.hpp"
#include "explore/strategy.hpp"
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
    enum class StageEnd { Complete, Budget, Enough, Diverged };
    struct Budget {
        double seconds;
        uint64_t executions;
        uint64_t stage_events = ~uint64_t{0};
    };

    StageEnd run_stage(const std::string& name, const std::function<std::unique_ptr<explore::Strategy>()>& make, Budget budget);
    StageEnd run_executions(explore::Strategy& strategy, const std::string& name, Budget budget, bool& grew);
    bool should_probe() const;
    void probe(double seconds_max);
    bool run_bounds(int bound_max, double seconds_max);
    void run_portfolio();
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
    bool stage_was_exhaustive_ = false;
    uint64_t stage_cut_ = 0;
    uint64_t stage_events_ = 0;  // of all starts of the stage
};

}  // namespace kloom::session
