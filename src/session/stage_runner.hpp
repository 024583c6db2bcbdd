// StageRunner: runs the stages of a search, here and in worker processes, and counts what they do.
//
// A stage starts again whenever an execution made another memory location visible (trace/visible_set.hpp). One that takes
// long is divided among worker processes. Their results count in the order of the search, and one by one as if they had
// been run here, so that it ends at the same execution, with the same findings, whatever their number
// (docs/decisions/0005-workers.md).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "explore/strategy.hpp"
#include "session/checkpoint.hpp"
#include "session/part_queue.hpp"
#include "session/part_runner.hpp"
#include "session/program.hpp"
#include "trace/outcome.hpp"

namespace kloom::session {

struct Progress {
    std::string stage;
    double stage_done = 0;  // an estimate, from 0 to 1; 0: nothing is known
    uint64_t executions = 0;
    double seconds = 0;
    double budget_seconds = 0;
    size_t findings = 0;
};

using ProgressListener = std::function<void(const Progress&)>;

struct Budget {
    double seconds;       // of the whole search
    uint64_t executions;  // of the whole search
    uint64_t stage_events = ~uint64_t{0};
};

struct Stage {
    std::string name;
    std::function<std::unique_ptr<explore::Strategy>()> make;
    Budget budget;
    bool is_random = false;
};

enum class StageEnd { Complete, Budget, Enough, Grew, Diverged };

class StageRunner {
  public:
    // Counts in `claim`.
    StageRunner(Program& program, const SearchOptions& options, ProgressListener listener, trace::Claim& claim);

    // Starts the clock. With a checkpoint's file that exists, what it says is taken over.
    base::Result<void> begin();
    // The search goes on behind that stage: it has been run before.
    bool is_past(const std::string& stage) const { return resumed_ && resumed_->stage.name != stage; }
    StageEnd run(const Stage& stage);
    // Of the last run.
    const StageState& state() const { return state_; }

    // The search is over; its checkpoint goes when there is nothing left to go on with.
    base::Result<void> end(bool is_over);
    double seconds() const;

    static void interrupt();
    static bool is_interrupted();

  private:
    struct Counts {
        trace::Claim claim;
        uint64_t events_since_error = 0;
        StageState state;
    };

    StageEnd run_from_the_start(const Stage& stage);
    std::optional<StageEnd> run_next(explore::Strategy& strategy, const Stage& stage);
    StageEnd run_divided(const Stage& stage, const std::vector<explore::Part>& parts);
    std::optional<StageEnd> run_here(explore::Strategy& strategy, const explore::Part& part, bool is_last, const Stage& stage);
    std::optional<StageEnd> take_over(const PartResult& result, bool is_last, const Stage& stage);
    StageEnd take_over_rest(const PartQueue& queue, const Stage& stage);
    bool show_again(const ExecutionRecord& record, const trace::Schedule& schedule);
    std::optional<StageEnd> count(const ExecutionRecord& record, bool grew, const Stage& stage);
    bool is_over_budget(Budget budget);
    bool has_enough() const;
    void tell_progress(const std::string& stage);
    double elapsed() const;  // in this process
    Counts counts() const;
    void save(const Counts& counts, const std::vector<explore::Part>& parts);
    void take_over_checkpoint();

    Program& program_;
    const SearchOptions& options_;
    ProgressListener listener_;
    trace::Claim& claim_;
    StageState state_;
    uint64_t events_since_error_ = 0;
    std::optional<SearchState> resumed_;  // until its stage has begun
    base::Result<void> saved_;            // how that went
    double seconds_before_ = 0;           // of the search that is gone on with
    double started_at_ = 0;
    double told_at_ = 0;
    double saved_at_ = 0;  // as elapsed()
    double stage_done_ = 0;
};

}  // namespace kloom::session
