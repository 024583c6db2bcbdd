// EventStructure: one execution as events, ordered by what depends on what and by nothing else.
//
// An event is a step together with all that it depends on, directly or through others. Its id is a
// hash of that, so the same event has the same id in every execution that contains it. Two
// executions are equivalent when they have the same events (Mazurkiewicz 1986; the events are those
// of the program's unfolding, Rodriguez et al. 2015).
//
// A cut is a part of the execution that is closed: with an event it has all that this depends on.
// It is given by how many steps of each process it holds. A cut is feasible when some order of its
// events respects who keeps whom from running: the order in which they were done does so for the
// whole execution, but a cut may hold the beginning of a critical region without its end.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "explore/execution.hpp"

namespace kloom::explore {

using EventId = uint64_t;
using Cut = std::vector<uint16_t>;  // [process]: number of its steps
using Plan = std::vector<Process>;  // whose step comes next, and so on

class EventStructure {
  public:
    explicit EventStructure(Execution execution);

    const Execution& execution() const { return execution_; }
    size_t processes() const { return execution_.processes.size(); }
    size_t events() const { return execution_.steps.size(); }
    const Step& step(size_t event) const { return execution_.steps[event]; }
    EventId id(size_t event) const { return ids_[event]; }
    // How many steps of each process the event depends on, its own among them.
    const Cut& past(size_t event) const { return pasts_[event]; }
    size_t index_in_process(size_t event) const { return pasts_[event][step(event).process] - 1u; }
    size_t steps_of(Process process) const { return by_process_[process].size(); }
    size_t event_of(Process process, size_t index) const { return by_process_[process][index]; }

    // What `process` does after `index` steps; null when it has ended by then.
    const Step* step_after(Process process, size_t index) const;
    bool depends_on(size_t later, size_t earlier) const;

    Cut whole() const;
    // The largest cut without the event.
    Cut without(size_t event) const;
    // Leaves out what depends on something that is not in the cut.
    void close(Cut& cut) const;
    bool contains(const Cut& cut, size_t event) const {
        return index_in_process(event) < cut[step(event).process];
    }

    // The id that the next step of `process` has after the cut; requires that there is one.
    EventId id_after(const Cut& cut, Process process) const;
    // What a process waits for that cannot go on after the cut: part of what a deadlock is.
    EventId id_of_wait(const Cut& cut, Process process) const;
    // Whether after the cut some process waits and none can step.
    bool is_deadlock(const Cut& cut) const;

    // An order in which the events of the cut can be done, after which `next`, if given, can step.
    std::optional<Plan> linearise(const Cut& cut, std::optional<Process> next) const;

  private:
    bool can_step(const Cut& done, Process process) const;
    Standing standing(const Cut& done, Process process) const;
    // The event that took the lock and holds it after `done`; events() when it is free.
    size_t holder(const Cut& done, uintptr_t lock) const;
    EventId id_with(const Step& step, size_t index, EventId before, EventId dependences) const;
    EventId id_before(Process process, size_t index) const;

    Execution execution_;
    std::vector<EventId> ids_;
    std::vector<Cut> pasts_;
    std::vector<std::vector<size_t>> by_process_;
    std::vector<const Step*> pending_;  // [process]
};

}  // namespace kloom::explore
