// ClassSearch: every equivalence class of a program's executions, each exactly once.
//
// Two executions are equivalent when they have the same events (event_structure.hpp). From each
// execution the search derives what others must look like: for every two events that depend on one
// another and could have come the other way round, a target, which is a cut of the execution
// without the first one, and then the second. A target is run unless some execution so far has all
// of its events.
//
//   execution:   w(x) by p    r(x) by q    ...
//   target:                   r(x) by q                what does not depend on w(x), then q's step
//
// Why nothing is lost: let C be a class that was not found, and X an execution so far that has as
// many events as any of some order of C, from its first one on; P are these and c is the next one.
// In X the process of c does something else after P, since it depends on events that are not in P,
// or X lacks c because something keeps its process waiting. The last of the events in the way has a
// race with it, and what X has without that one contains P. The target for it, or whoever has
// already got its events, has more of C, or as much and less in the way.
//
// The same argument holds with processes that keep others of their CPU from running. The largest
// cut then need not be feasible, so there is a target for each largest one that is. A deadlock may
// have fewer events than another execution: its waits are told apart by ids of their own.
//
// No execution is redundant: each target that is run has events that no execution so far has
// together.
#pragma once

#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "explore/event_structure.hpp"

namespace kloom::explore {

class ClassSearch {
  public:
    // The beginning of the next execution; what follows is anybody's choice. None when all classes
    // have been seen.
    std::optional<Plan> next();
    // The execution that came of it.
    void add(Execution execution);

    uint64_t executions() const { return seen_.size(); }

  private:
    struct Target {
        Plan plan;
        std::vector<EventId> ids;  // an execution with all of these makes it superfluous
    };

    bool was_seen(const Target& target) const;
    void reverse_races(const EventStructure& seen, Process process, size_t index, size_t end);
    void let_in(const EventStructure& seen, Process process);
    void block(const EventStructure& seen, size_t acquire);
    void aim(const EventStructure& seen, Cut cut, Process process, size_t index);
    void aim_at_deadlocks(const EventStructure& seen, Cut cut, const Cut& least);

    std::vector<Target> targets_;  // the last is run first
    std::vector<std::unordered_set<EventId>> seen_;
    std::unordered_map<EventId, std::vector<size_t>> seen_by_id_;
};

}  // namespace kloom::explore
