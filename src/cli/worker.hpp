// The part of every command that runs a module: build it, then load and run it in a process of its
// own.
#pragma once

#include <functional>

#include "base/result.hpp"
#include "cli/program_arguments.hpp"
#include "session/module_symbols.hpp"
#include "session/program.hpp"

namespace kloom::cli {

// Compiles the module or finds it in the cache; `verbose` shows what the compiler said.
base::Result<toolchain::BuiltModule> build(const ProgramArguments& arguments, bool verbose);

struct Work {
    session::ProgramOptions options;
    toolchain::BuiltModule module;
    double seconds_max = 0;  // after which the worker is taken for stuck
};

// What to do with the loaded program; returns the exit status.
using ProgramUse =
    std::function<base::Result<int>(session::Program& program, const trace::Symbols& symbols)>;

// Loads the module in a worker process, calls `use` there and returns its exit status. Errors of
// the worker are printed.
int run_in_worker(const Work& work, const ProgramUse& use);

}  // namespace kloom::cli
