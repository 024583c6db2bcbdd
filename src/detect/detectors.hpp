// The detectors: observers that watch the events of an execution and report defects of the code
// under test.
//
// Each sees events only, keeps its state per execution and knows no other, except for three helpers
// that are observers themselves and are notified last, so that a detector sees their state as it
// was before the event: LockTracker (who holds which lock), ContextHistory (where preemption and
// interrupts were switched off) and WaitStates (who waits for what).
#pragma once

#include <memory>
#include <vector>

#include "trace/event.hpp"
#include "trace/finding.hpp"
#include "trace/happens_before.hpp"
#include "trace/memory_map.hpp"
#include "trace/visible_set.hpp"

namespace kloom::detect {

// What detectors share. All of it outlives them.
struct DetectorContext {
    const trace::MemoryMap& memory;
    trace::VisibleSet& visible;
    trace::HappensBefore& happens_before;  // registered before the detectors
    trace::FindingSink& sink;
};

// All detectors, in the order in which they must be registered.
std::vector<std::unique_ptr<trace::Observer>> make_detectors(const DetectorContext& context);

}  // namespace kloom::detect
