// BootScript: what the virtual computer does, from loading the module to its unload.
//
//   insmod module.ko parameters      interrupts asked for with --irq are raised from here on
//   user processes, all at once      --user
//   wait                             --for, and until the user processes have ended
//   rmmod module                     then everything that the module left behind is reported
//
// or, with --script, what the script says; the module is unloaded after it when it still is loaded.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "session/options.hpp"

namespace kloom::session {

class BootScript {
  public:
    // `options` must outlive this object.
    BootScript(const ProgramOptions& options, const std::string& module_name);

    machine::TaskSpec task();

    void begin_execution();

  private:
    static void main(void* script);
    void run();
    void raise_irqs();
    bool load();
    void unload();
    void run_shell();
    void run_script();
    void wait_for_users();

    const ProgramOptions& options_;
    // Made once, because nothing on a fiber may own memory.
    std::string parameters_;  // as insmod takes them
    std::string script_;      // with MODULE set to the module's file
    std::optional<std::string> shell_line_;  // here and not on the fiber, which may be abandoned
};

}  // namespace kloom::session
