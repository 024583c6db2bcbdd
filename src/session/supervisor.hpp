// Supervisor: runs the work that loads a module in a process of its own.
//
// The code under test can do anything to the process it runs in. The parent only waits: when the worker dies, or neither
// ends nor moves for long, the parent says so in one message and nothing is left behind.
#pragma once

#include <functional>
#include <string>

namespace kloom::session {

// Runs `work` in a child process and returns what it returns. When the child dies or stalls for `seconds_max`, returns
// `exit_if_dead` after passing one message to `complain`. Ctrl-C is passed on to the child, which ends its search early.
int supervise(const std::function<int()>& work, double seconds_max, int exit_if_dead, const std::function<void(const std::string&)>& complain);

// Starts this program again with address space randomisation off, so that addresses repeat from run to run. Returns when
// it is off already or cannot be switched off.
void fix_addresses(char** arguments);

}  // namespace kloom::session
