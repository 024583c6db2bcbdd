#include "toolchain/compiler.hpp"

#include <filesystem>
#include <string_view>

#include "toolchain/subprocess.hpp"

namespace kloom::toolchain {
namespace {

using Words = std::vector<std::string>;

// The module's own names bind to itself even where the running program has the same (-Bsymbolic), all others when it is
// loaded. What is constant after relocation stays read-only, as in the kernel.
const Words kLinkFlags = {"-shared",       "-nodefaultlibs", "-Wl,-Bsymbolic",
                          "-Wl,-z,now", "-Wl,-z,relro", "-Wl,--build-id=none"};

void append(Words& words, const Words& more) { words.insert(words.end(), more.begin(), more.end()); }

// The dialect of the kernel, plus what old modules need: mistakes that compilers used to let pass stay warnings, but a
// function that nobody declared is an error, since that is how unsupported functions show.
Words dialect_flags() {
    return {
        "-g",
        "-fPIC",
        "-fno-builtin",
        "-fno-common",
        "-fno-strict-aliasing",
        "-fwrapv",
        "-fno-delete-null-pointer-checks",
        "-fno-stack-protector",
        "-fno-omit-frame-pointer",
        "-fno-optimize-sibling-calls",
        "-nostdinc",
        "-fno-diagnostics-show-option",
    };
}

enum class Language : uint8_t { C, Cpp };

Words language_flags(Language language) {
    if (language == Language::Cpp)
        return {"-x", "c++", "-std=gnu++20", "-nostdinc++", "-fno-exceptions", "-fno-rtti", "-fno-threadsafe-statics"};
    return {"-x",
            "c",
            "-std=gnu11",
            "-Wno-pointer-sign",
            "-Wno-error=int-conversion",
            "-Wno-error=incompatible-pointer-types",
            "-Wno-error=implicit-int",
            "-Wno-error=return-type",
            "-Werror=implicit-function-declaration"};
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

}  // namespace

bool is_cpp_source(const std::string& path) { return std::filesystem::path(path).extension() != ".c"; }

base::Result<Compiler> Compiler::find(const CompileOptions& options) {
    const bool is_gcc = options.compiler == CompilerKind::Gcc;
    Compiler compiler;
    compiler.options_ = options;
    compiler.c_program_ = find_program(is_gcc ? "gcc" : "clang");
    compiler.cpp_program_ = find_program(is_gcc ? "g++" : "clang++");
    if (compiler.c_program_.empty())
        return base::Error{std::string("the compiler ") + (is_gcc ? "gcc" : "clang") + " is not installed",
                           std::string("install it: sudo apt-get install ") + (is_gcc ? "gcc" : "clang")};
    const ProcessOutcome version = TRY(run_process({compiler.c_program_, "--version"}));
    if (version.exit_status != 0)
        return base::Error{compiler.c_program_ + " does not work: " + first_line(version.output), ""};
    compiler.identity_ = first_line(version.output);
    return compiler;
}

std::string Compiler::program_for(const std::string& source) const {
    return is_cpp_source(source) ? cpp_program_ : c_program_;
}

std::vector<std::string> Compiler::instrumentation_flags() const {
    const bool keep = options_.optimisation == Optimisation::KeepAccesses;
    Words flags = {"-fsanitize=thread"};
    if (options_.compiler == CompilerKind::Gcc) {
        append(flags, {"--param", "tsan-distinguish-volatile=1", "-Wno-tsan", "-fno-diagnostics-show-caret"});
        if (keep) append(flags, {"-Og", "-fno-tree-loop-im"});
    } else {
        append(flags, {"-mllvm", "-tsan-distinguish-volatile=1", "-Wno-unknown-warning-option",
                       "-fno-caret-diagnostics"});
        if (keep) append(flags, {"-O0", "-mllvm", "-tsan-instrument-read-before-write=1"});
    }
    if (!keep) flags.push_back("-O2");
    return flags;
}

std::vector<std::string> Compiler::common_flags(const std::string& module_name) const {
    Words flags = dialect_flags();
    append(flags, instrumentation_flags());
    append(flags, {"-D__KERNEL__", "-DMODULE", "-DKBUILD_MODNAME=\"" + module_name + "\"",
                   options_.kernel_version == KernelVersion::Linux5_0 ? "-DKLOOM_LINUX_VERSION=0x050000"
                                                                      : "-DKLOOM_LINUX_VERSION=0x060100"});
    append(flags, options_.extra_flags);
    return flags;
}

std::vector<std::string> Compiler::recipe(const std::string& module_name) const {
    Words words = common_flags(module_name);
    append(words, language_flags(Language::C));
    append(words, language_flags(Language::Cpp));
    append(words, kLinkFlags);
    words.push_back(kLinkerScript);
    return words;
}

base::Result<std::vector<std::string>> Compiler::compile_command(const CompileJob& job) const {
    const std::string program = program_for(job.source);
    if (program.empty())
        return base::Error{"no C++ compiler is installed",
                           options_.compiler == CompilerKind::Gcc ? "install it: sudo apt-get install g++"
                                                                  : "install it: sudo apt-get install clang"};
    const ProcessOutcome headers = TRY(run_process({program, "-print-file-name=include"}));

    Words command = {program};
    append(command, language_flags(is_cpp_source(job.source) ? Language::Cpp : Language::C));
    append(command, common_flags(job.module_name));
    const std::string folder = std::filesystem::path(job.source).parent_path().string();
    append(command, {"-isystem", first_line(headers.output), "-I", job.kernel_headers, "-include", "linux/kconfig.h"});
    for (const std::string& header : job.added_headers) append(command, {"-include", header});
    append(command, {"-fmacro-prefix-map=" + folder + "/=", "-MD", "-MF", job.dependencies, "-c", job.source, "-o",
                     job.object});
    return command;
}

std::vector<std::string> Compiler::link_command(const LinkJob& job) const {
    Words command = {c_program_};
    append(command, kLinkFlags);
    append(command, {"-Wl,-T," + job.script, "-o", job.output});
    append(command, job.objects);
    return command;
}

}  // namespace kloom::toolchain
