// Choices and choosers: the one point through which everything that may vary in an execution goes.
//
// The machine stops in front of each visible operation, lists what may happen next and asks the Chooser. Alternative 0
// is the default: what an undisturbed machine would do. Every alternative has a cost, 0 or 1; the cost of a schedule is
// its number of preemptions in the sense of CHESS (Musuvathi, Qadeer 2007), here counting interrupts, migrations and
// postponed events too. A schedule is the list of chosen alternatives that were not the default.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "trace/ids.hpp"
#include "trace/operation.hpp"

namespace kloom::trace {

enum class ChoiceKind : uint8_t {
    Step,       // CPU `cpu` performs the pending operation of its current path
    Interrupt,  // line `argument` interrupts CPU `cpu`
    Timer,      // the next timer event of CPU `cpu` fires now
    Preempt,    // CPU `cpu` switches to the runnable task with PathId `argument`
    Migrate,    // the current task of CPU `cpu` moves to CPU `argument`
    Advance,    // nothing can step: the clock moves to the next timer event
};

struct Choice {
    ChoiceKind kind = ChoiceKind::Step;
    CpuId cpu;
    uint32_t argument = 0;

    friend bool operator==(const Choice&, const Choice&) = default;
};

struct Alternative {
    Choice choice;
    uint8_t cost = 0;
    bool is_spinning = false;  // Step: the path's last operation was a spin loop's hint
    PathId path = kNoPath;  // the path that will step, when known
    Footprint footprint;    // of the step that follows the choice; Global unless it is a plain Step
};

struct ChoicePoint {
    uint64_t position;  // potential choice points passed in this execution, visible or not; independent of the strategy
    PathId running;         // the path that stepped last
    std::span<const Alternative> alternatives;  // at least two
};

// How an execution ended.
enum class ExecutionEnd : uint8_t {
    Complete,   // the program ran to its end
    Stopped,    // a finding ended it (crash, deadlock, hang)
    Abandoned,  // the chooser gave up: what follows is explored elsewhere
    Cut,        // the step limit was reached; whatever is claimed must say so
};

// A migration is worth trying only a few times per task: two suffice for every known per-CPU defect.
inline constexpr uint32_t kMigrationsMax = 2;
// Waiting tasks of one CPU that a preemption may pick from.
inline constexpr size_t kPreemptTargetsMax = 4;

// What the machine knew of and did not offer as an alternative; bits.
enum LeftOut : uint8_t {
    kLeftOutMigrations = 1,   // of a task that has migrated as often as it may
    kLeftOutPreemptions = 2,  // by tasks far back in a CPU's queue
    kLeftOutAlternatives = 4, // more than a choice point has room for
};

struct ExecutionSummary {
    ExecutionEnd end = ExecutionEnd::Complete;
    uint64_t steps = 0;   // choice points plus forced steps
    uint64_t events = 0;  // everything observed
    uint8_t left_out = 0; // LeftOut
};

// A strategy, seen from the machine. Implementations live in `explore`.
class Chooser {
  public:
    static constexpr size_t kAbandon = ~size_t{0};

    virtual ~Chooser() = default;

    // Returns the index of the alternative to take, or kAbandon to end this execution as redundant.
    virtual size_t choose(const ChoicePoint& point) = 0;

    // Whether choose() is asked even when there is one alternative only, so that it sees the footprint of every step.
    virtual bool sees_every_step() const { return false; }

    // The position at which a choice point must be offered although the operation there looks invisible (replay of a
    // schedule that was recorded with other visible locations); ~0 for none. Asked at the start and after every choice.
    virtual uint64_t forced_position() const { return ~uint64_t{0}; }
};

}  // namespace kloom::trace
