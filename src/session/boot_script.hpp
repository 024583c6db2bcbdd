// BootScript: what the virtual computer does, from loading the module to its unload.
//
//   insmod module.ko parameters      interrupts asked for with --irq are raised from here on
//   user processes, all at once      --user
//   wait                             --for, and until the user processes have ended
//   rmmod module                     then everything that the module left behind is reported
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "session/options.hpp"

namespace kloom::session {

class BootScript {
  public:
    explicit BootScript(const ProgramOptions& options);

    machine::TaskSpec task();

    // Of the last execution.
    int init_result() const { return init_result_; }
    bool init_returned() const { return init_returned_; }

    void begin_execution();

  private:
    static void main(void* script);
    void run();
    void run_shell();
    void wait_for_users();

    const ProgramOptions& options_;
    std::string parameters_;  // as insmod takes them; made once, because nothing on a fiber may own memory
    int init_result_ = 0;
    bool init_returned_ = false;
    std::optional<std::string> shell_line_;  // here and not on the fiber, which may be abandoned
};

}  // namespace kloom::session
