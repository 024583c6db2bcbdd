// WaitStates: what each path is doing when it does nothing - waiting for a lock, sleeping, or kept
// off its CPU.
//
// Notified after the detectors, which ask when the machine is stuck.
#pragma once

#include <vector>

#include "detect/lock_tracker.hpp"
#include "detect/path_table.hpp"

namespace kloom::detect {

struct WaitState {
    enum class Kind : uint8_t { Runs, WantsLock, Sleeps, Ended };

    Kind kind = Kind::Ended;
    const trace::PathInfo* info = nullptr;
    HeldLock wanted;            // WantsLock; it may sleep meanwhile
    Site asleep;                // Sleeps: the PathBlock
    uintptr_t object = 0;       // Sleeps: what it waits for, or 0
    bool has_deadline = false;  // Sleeps: time will wake it
    char reason[32] = {};       // Sleeps: "schedule", "wait_for_completion"

    void clear() { *this = {}; }
    bool is_waiting() const { return kind == Kind::WantsLock || kind == Kind::Sleeps; }
    // Where it waits.
    Site site() const { return kind == Kind::WantsLock ? wanted.acquired : asleep; }
};

class WaitStates final : public trace::Observer {
  public:
    uint64_t interests() const override;
    void begin_execution() override;
    void on_event(const trace::Event& event) override;

    const WaitState* find(trace::PathId path) const { return states_.find(path); }
    size_t size() const { return states_.size(); }
    // The path that occupies `cpu`: the innermost handler, else the task; kNoPath when it is idle.
    trace::PathId top(trace::CpuId cpu) const;

  private:
    void on_block(const trace::Event& event, WaitState& state);
    std::vector<trace::PathId>& stack(trace::CpuId cpu);

    PathTable<WaitState> states_;
    std::vector<std::vector<trace::PathId>> stacks_;  // [cpu], the task first
};

}  // namespace kloom::detect
