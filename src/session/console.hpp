// Console: what the virtual computer shows while it runs: lines of its kernel log and the output of
// its processes, in the order in which they are written.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "session/program.hpp"
#include "trace/event.hpp"

namespace kloom::session {

// Shows text as it comes. `pid`: of the process that wrote it; 0 for lines of the kernel log, which
// are whole.
using ConsoleSink = std::function<void(int32_t pid, std::string_view text)>;

class Console final : public trace::Observer {
  public:
    // Listens to the processes of `program` while this object lives.
    Console(Program& program, ConsoleSink sink);
    ~Console() override;

    uint64_t interests() const override { return trace::interests_of(trace::EventKind::Message); }
    void begin_execution() override { shown_ = 0; }
    void on_event(const trace::Event& event) override;
    void end_execution() override;

  private:
    void show_log(size_t end);

    Program& program_;
    ConsoleSink sink_;
    size_t shown_ = 0;  // records of the log
};

}  // namespace kloom::session
