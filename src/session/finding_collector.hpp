// FindingCollector: the sink of all detectors.
//
// While searching it keeps each distinct finding once, with the schedule of the execution that showed it first. When it
// has a target (replay, minimisation, recording) it answers only whether, and how, that finding shows again.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "trace/finding.hpp"
#include "trace/schedule.hpp"

namespace kloom::session {

// What makes two findings the same defect.
struct FindingKey {
    const char* id = "";
    uintptr_t pc0 = 0;  // the smaller one
    uintptr_t pc1 = 0;

    static FindingKey of(const char* id, uintptr_t a, uintptr_t b);
    bool operator==(const FindingKey& other) const;
};

struct FoundOnce {
    FindingKey key;
    trace::Finding finding;
    trace::Schedule schedule;  // set at the end of the execution that showed it
    uint64_t execution = 0;    // its number, from 1; 0 while the execution that showed it goes on
};

class FindingCollector final : public trace::FindingSink {
  public:
    // `stop` is called when a finding ends the execution.
    explicit FindingCollector(std::function<void()> stop) : stop_(std::move(stop)) {}

    bool wants(const char* id, trace::Severity severity, uintptr_t pc0, uintptr_t pc1, uintptr_t object) override;
    void report(trace::Finding finding) override;

    void begin_execution();
    // The execution at hand showed something that no earlier one did.
    bool has_new() const;
    // What the execution showed for the first time has this schedule and number.
    void end_execution(const trace::Schedule& schedule, uint64_t execution);

    // From now on only that finding is looked for, as severe as it was, and with AfterTarget::Stop the execution ends
    // where it shows.
    enum class AfterTarget : uint8_t { GoOn, Stop };
    void set_target(const FoundOnce& target, AfterTarget after);
    // From now on executions go on after findings that Linux survives.
    void survive_corruption() { survives_corruption_ = true; }

    void clear_target() { target_.reset(); }
    const std::optional<trace::Finding>& target_seen() const { return target_seen_; }

    std::vector<FoundOnce>& found() { return found_; }
    bool has_errors() const;

  private:
    FoundOnce* find(const FindingKey& key);
    bool is_fatal(const trace::Finding& finding) const;
    bool is_target(const FindingKey& key, trace::Severity severity) const;

    std::function<void()> stop_;
    bool survives_corruption_ = false;
    std::vector<FoundOnce> found_;
    std::optional<FindingKey> target_;
    trace::Severity target_severity_ = trace::Severity::Error;
    AfterTarget after_target_ = AfterTarget::GoOn;
    std::optional<trace::Finding> target_seen_;
};

}  // namespace kloom::session
