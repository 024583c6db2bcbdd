// Compiler: the system's compiler and the command lines that turn module sources into an instrumented shared object.
//
// Code is compiled with -fsanitize=thread, so that every access calls a hook, and linked without it: no sanitizer runtime
// is wanted, the hooks are kloom's and are resolved from the running program. Optimisation is low because an optimiser
// erases textbook races; it is the user's wish to see the code as compiled that raises it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace kloom::toolchain {

enum class CompilerKind : uint8_t { Gcc, Clang };
enum class KernelVersion : uint8_t { Linux5_0, Linux6_1 };
enum class Optimisation : uint8_t {
    KeepAccesses,  // every access of the source stays
    AsCompiled,    // -O2, as the kernel is built
};

struct CompileOptions {
    CompilerKind compiler = CompilerKind::Gcc;
    KernelVersion kernel_version = KernelVersion::Linux6_1;
    Optimisation optimisation = Optimisation::KeepAccesses;
    std::vector<std::string> extra_flags;  // -D, -U and -I options
};

class Compiler {
  public:
    // Finds the compiler in PATH. Errors: not installed (names the package).
    static base::Result<Compiler> find(const CompileOptions& options);

    // What tells one compiler from another: kind and version, no paths.
    const std::string& identity() const { return identity_; }

    // Every option that decides what the compiled code does, for all languages; no path but those of the user's -I options.
    std::vector<std::string> recipe(const std::string& module_name) const;

    struct CompileJob {
        std::string source;  // absolute
        std::string module_name;
        std::string kernel_headers;  // the folder include/kernel
        std::string object;          // to write
        std::string dependencies;    // to write: the files that were included, as make rules
        std::vector<std::string> added_headers;  // included before the source, as "linux/smp.h"
    };
    // Requires: `source` is C or C++.
    base::Result<std::vector<std::string>> compile_command(const CompileJob& job) const;

    // `script` is a file that holds kLinkerScript.
    struct LinkJob {
        std::vector<std::string> objects;
        std::string script;
        std::string output;
    };
    std::vector<std::string> link_command(const LinkJob& job) const;

  private:
    Compiler() = default;

    std::string program_for(const std::string& source) const;
    std::vector<std::string> instrumentation_flags() const;
    std::vector<std::string> common_flags(const std::string& module_name) const;

    CompileOptions options_;
    std::string c_program_;
    std::string cpp_program_;  // empty when only the C compiler is installed
    std::string identity_;
};

// Added to the linker's own script, which would merge .data..percpu into .data: static per-CPU variables stay together, on
// pages of their own, in a section of that name, whatever their flavour.
inline constexpr const char* kLinkerScript =
    "SECTIONS\n"
    "{\n"
    "    .data..percpu : ALIGN(4096) { *(.data..percpu..first) *(.data..percpu..page_aligned) *(.data..percpu*) . = ALIGN(4096); }\n"
    "}\n"
    "INSERT AFTER .data;\n";

bool is_cpp_source(const std::string& path);

}  // namespace kloom::toolchain
