// Runs a program and collects what it prints; used for the compiler only.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"

namespace kloom::toolchain {

struct ProcessOutcome {
    int exit_status = 0;  // 128 + signal when a signal ended it
    std::string output;   // stdout and stderr as they came, at most kOutputBytesMax
};

inline constexpr size_t kOutputBytesMax = size_t{4} << 20;

// Full path of a program in PATH; empty when there is none.
std::string find_program(const std::string& name);

// Runs `arguments` (the program's path first) in the C locale, with no input, and waits for its end. Requires: not empty.
base::Result<ProcessOutcome> run_process(const std::vector<std::string>& arguments);

}  // namespace kloom::toolchain
