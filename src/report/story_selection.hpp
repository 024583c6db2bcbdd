// StorySelection: which events of a recording belong into the story of a finding.
//
// Four passes, each adds to the choice:
//
//   sites       the events that the finding names, and what they depend on: the read that gave a
//   bad pointer, the reads
//               behind a failed assertion, the locks held, the call that switched preemption off
//   objects     accesses to the finding's objects by any path, from the first site to the last
//   context     what explains why one path runs after another: interrupts, preemption, sleeping,
//   migration aftermath   assertions that fail later
//
// Then it is cut to a length that a person reads.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "trace/outcome.hpp"

namespace kloom::report {

// Smaller is more important.
enum class Weight : uint8_t { Site, Cause, Context, Detail, None };

struct Selected {
    size_t index = 0;  // in Recording::events
    Weight weight = Weight::None;
    size_t skipped_before = 0;  // chosen at first, dropped for length
    bool is_granted = false;    // LockRequest: the path gets the lock at once
};

struct Selection {
    std::vector<Selected> steps;    // in order
    std::vector<size_t> aftermath;  // indices of Assertion events
    std::vector<uint64_t>
        lone_sites;  // indices into Finding::sites without an event of their own (faults)
};

class StorySelector {
  public:
    static constexpr size_t kStepsMax = 30;

    StorySelector(const trace::ShownFinding& shown, const trace::Symbols& symbols);

    Selection select();

  private:
    struct Range {
        uintptr_t begin;
        uintptr_t end;
    };

    void select_sites();
    void select_causes();
    void select_objects();
    void select_context();
    void select_aftermath();
    void cut_to_length();

    void explain_pointer(size_t site);
    void explain_write(size_t site);
    void explain_assertion(size_t site);
    void explain_leak();
    void explain_protection(size_t site);
    void add_accesses(size_t first, size_t last);
    void connect_on_cpu(size_t earlier, size_t later);
    void connect_on_path(size_t earlier, size_t later);
    void add_handlers();

    void choose(size_t index, Weight weight);
    void add_range(uintptr_t address, uint64_t size);
    bool is_of_interest(const trace::Event& event) const;
    bool is_repetition(size_t index) const;
    bool is_part_of_memory_call(size_t access) const;
    bool matters_later(trace::PathId path, size_t index) const;
    bool is_part_of_locking(size_t change) const;
    void merge_lock_requests();
    void shorten_runs();
    bool waits_at(size_t request) const;
    size_t find_event(const trace::FindingSite& site) const;
    size_t find_last_at(const trace::FindingSite& site) const;
    std::vector<size_t> chosen() const;
    const trace::Event& event(size_t index) const { return recording_.events[index].event; }

    const trace::Finding& finding_;
    const trace::Recording& recording_;
    const trace::Symbols& symbols_;
    std::vector<Weight> weights_;  // [event]
    std::vector<size_t> sites_;    // events, in order
    std::vector<Range> ranges_;    // memory of interest
    std::vector<uintptr_t> locks_;
    std::map<size_t, size_t> skipped_;  // [event]: events of the same run that it stands for
    Selection selection_;
};

}  // namespace kloom::report
