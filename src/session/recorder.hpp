// Recorder: keeps one execution in full, with the values that accesses read and wrote.
//
// An access is told before it happens, so what a write stores is known only later: at the next event, of whatever path,
// before that path can touch memory.
#pragma once

#include "trace/event.hpp"
#include "trace/memory_map.hpp"
#include "trace/recording.hpp"

namespace kloom::session {

class Recorder final : public trace::Observer {
  public:
    explicit Recorder(const trace::MemoryMap& memory) : memory_(memory) {}

    uint64_t interests() const override { return ~uint64_t{0}; }
    void begin_execution() override;
    void on_event(const trace::Event& event) override;
    void end_execution() override { complete_write(); }

    trace::Recording take() { return std::move(recording_); }

  private:
    void complete_write();
    void drop_older();
    uint64_t value_at(uintptr_t address, uint32_t size) const;

    const trace::MemoryMap& memory_;
    trace::Recording recording_;
    size_t pending_write_ = ~size_t{0};  // index of the access whose stored value is not known yet
};

}  // namespace kloom::session
