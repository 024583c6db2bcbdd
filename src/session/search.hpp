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
// The search stops at the end of the first stage that found an error, or a fixed amount of work after the error, whichever
// is first, so that what it reports does not depend on how fast the machine is.
#pragma once

#include "base/result.hpp"
#include "session/program.hpp"
#include "session/stage_runner.hpp"
#include "trace/outcome.hpp"

namespace kloom::session {

class Search {
  public:
    Search(Program& program, const SearchOptions& options, ProgressListener listener);

    // Errors are kloom's or the program's nondeterminism; findings are in program.findings().
    base::Result<trace::Claim> run();

    // Makes the search stop at the end of the current execution (signal handlers call it).
    static void interrupt();

  private:
    StageEnd run(const Stage& stage);
    bool should_probe() const;
    void probe(double seconds_max);
    bool run_bounds(int bound_max, double seconds_max);
    void run_portfolio();
    void run_random(StrategyKind kind);
    void describe_limits();

    Program& program_;
    SearchOptions options_;
    trace::Claim claim_;
    StageRunner runner_;
    StageEnd last_end_ = StageEnd::Complete;
};

}  // namespace kloom::session
