// ModuleBuilder: from a module's sources to an instrumented shared object that the machine can load.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "toolchain/compiler.hpp"

namespace kloom::toolchain {

// Says whether the running program defines the symbol `name`.
using SymbolLookup = std::function<bool(const std::string& name)>;

struct BuildRequest {
    std::vector<std::string> inputs;  // source files, lists "a.c,b.c", or one folder with a Makefile; one module in all
    CompileOptions options;
    SymbolLookup is_defined;  // empty: whatever this executable exports
};

struct BuiltModule {
    std::string name;                  // KBUILD_MODNAME
    std::string shared_object;         // path, in the cache; must not be changed
    std::string program_hash;          // sources, headers, flags and compiler, without paths; names the program in traces
    std::vector<std::string> sources;  // absolute paths
    std::string warnings;              // what the compiler said, for --verbose
};

// Compiles and links the module, or finds it in the cache. Errors are complete messages: what is wrong with the source,
// which kernel functions or headers kloom lacks, which package is missing.
base::Result<BuiltModule> build_module(const BuildRequest& request);

}  // namespace kloom::toolchain
