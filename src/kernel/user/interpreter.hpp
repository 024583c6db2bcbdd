// Runs parsed command lines in a process, as a shell does.
//
// Differences from a real shell: a command that is no builtin runs in the shell's own task under
// its own name, so it has the shell's pid; the commands of a pipeline run one after the other, each
// reading what the one before has written (at most kPipeBytes, then the writer ends as by SIGPIPE).
// Only `&` makes further processes.
#pragma once

#include <span>

#include "kernel/user/process.hpp"

namespace kloom::kernel {

inline constexpr size_t kPipeBytes = size_t{1} << 20;
inline constexpr size_t kPipeBytesBeforeHead = 4096;  // head(1) closes its pipe early

// The words of a command: [0] is its name. They live in the process.
using Arguments = std::span<const std::string* const>;

// Returns the exit status.
int run_list(Process& process, const shell::List& list);
// Runs the command that `arguments` name, as timeout(1) and taskset(1) do.
int run_arguments(Process& process, Arguments arguments);

// A command. Returns its exit status.
using CommandFunction = int (*)(Process& process, Arguments arguments);
// Null when there is no such command. The table is in commands.cpp.
CommandFunction find_command(std::string_view name);

}  // namespace kloom::kernel
