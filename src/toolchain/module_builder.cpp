#include "toolchain/module_builder.hpp"

#include <dlfcn.h>
#include <stdlib.h>
#include <sys/auxv.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "toolchain/content_hash.hpp"
#include "toolchain/diagnostics.hpp"
#include "toolchain/elf_file.hpp"
#include "toolchain/files.hpp"
#include "toolchain/module_cache.hpp"
#include "toolchain/module_sources.hpp"
#include "toolchain/subprocess.hpp"

namespace kloom::toolchain {
namespace {

namespace fs = std::filesystem;

// A folder inside the cache for the files of one build; gone with this object.
class WorkFolder {
  public:
    static base::Result<WorkFolder> create(const std::string& parent) {
        std::string path = parent + "/build-XXXXXX";
        if (mkdtemp(path.data()) == nullptr)
            return base::Error{"cannot write to the cache folder " + parent + ": " + std::strerror(errno),
                               "set XDG_CACHE_HOME to a folder of yours that can be written"};
        return WorkFolder(std::move(path));
    }
    WorkFolder(WorkFolder&& other) noexcept : path_(std::exchange(other.path_, "")) {}
    WorkFolder& operator=(WorkFolder&&) = delete;
    ~WorkFolder() {
        std::error_code ignored;
        if (!path_.empty()) fs::remove_all(path_, ignored);
    }

    std::string file(const std::string& name) const { return path_ + "/" + name; }

  private:
    explicit WorkFolder(std::string path) : path_(std::move(path)) {}

    std::string path_;
};

// Everything about one build that its steps share.
struct Build {
    Compiler compiler;
    ModuleSources sources;
    std::string kernel_headers;
    std::string cache_folder;
};

// What is known before the compiler runs.
base::Result<std::string> request_hash(const Build& build) {
    ContentHash hash;
    hash.add(build.compiler.identity());
    hash.add(build.kernel_headers);
    for (const std::string& flag : build.compiler.recipe(build.sources.name)) hash.add(flag);
    for (const std::string& file : build.sources.files) {
        hash.add(file);
        hash.add(TRY(read_file(file)));
    }
    return hash.hex();
}

// The files of a dependency list in make's syntax: "object: file file \".
std::vector<std::string> parse_dependencies(const std::string& text) {
    std::vector<std::string> files;
    std::string word;
    const auto end_word = [&] {
        if (!word.empty() && !word.ends_with(':')) files.push_back(word);
        word.clear();
    };
    for (size_t i = 0; i < text.size(); ++i) {
        const char next = i + 1 < text.size() ? text[i + 1] : '\0';
        if (text[i] == '\\' && next == '\n') {
            end_word();
            ++i;
        } else if (text[i] == '\\' && (next == ' ' || next == '#')) {
            word += next;
            ++i;
        } else if (text[i] == ' ' || text[i] == '\n' || text[i] == '\t') {
            end_word();
        } else {
            word += text[i];
        }
    }
    end_word();
    return files;
}

// What decides the program's behaviour: compiler, flags and the contents of every file read, by the order of their names
// without their folders, so that a checkout elsewhere gives the same hash.
base::Result<std::string> program_hash(const Build& build, const std::vector<std::string>& files) {
    ContentHash hash;
    hash.add(build.compiler.identity());
    for (const std::string& flag : build.compiler.recipe(build.sources.name))
        if (!flag.starts_with("-I")) hash.add(flag);
    std::vector<std::string> contents;
    for (const std::string& file : files)
        contents.push_back(fs::path(file).filename().string() + "\n" + TRY(read_file(file)));
    std::sort(contents.begin(), contents.end());
    for (const std::string& content : contents) hash.add(content);
    return hash.hex();
}

struct CompiledSource {
    std::string object;
    std::vector<std::string> files;
    std::string warnings;
};

// Adds to `headers` those of `more` that it lacks; false when there is none.
bool add_headers(std::vector<std::string>& headers, const std::vector<std::string>& more) {
    const size_t before = headers.size();
    for (const std::string& header : more)
        if (std::find(headers.begin(), headers.end(), header) == headers.end()) headers.push_back(header);
    return headers.size() > before;
}

// Compiles one source. When it fails for names whose headers the source leaves out, tries again with these headers: Linux
// reaches them through others. Each try adds at least one header of a finite table.
base::Result<CompiledSource> compile(const Build& build, const WorkFolder& work, size_t index) {
    const std::string stem = work.file(std::to_string(index));
    const std::string& source = build.sources.files[index];
    Compiler::CompileJob job{.source = source,
                             .module_name = build.sources.name,
                             .kernel_headers = build.kernel_headers,
                             .object = stem + ".o",
                             .dependencies = stem + ".d",
                             .added_headers = {}};
    const SupportedNames supported(build.kernel_headers);
    for (;;) {
        const ProcessOutcome outcome = TRY(run_process(TRY(build.compiler.compile_command(job))));
        if (outcome.exit_status == 0)
            return CompiledSource{job.object, parse_dependencies(TRY(read_file(job.dependencies))), outcome.output};
        if (!add_headers(job.added_headers, headers_left_out(outcome.output, supported)))
            return explain_compile_failure(outcome.output, source, supported);
    }
}

base::Result<CachedModule> compile_and_store(const Build& build, const std::string& request) {
    const WorkFolder work = TRY(WorkFolder::create(build.cache_folder));
    ModuleCache::Entry entry{.request = request, .program_hash = "", .warnings = "", .files = {}, .shared_object = ""};
    std::vector<std::string> objects;
    for (size_t i = 0; i < build.sources.files.size(); ++i) {
        const CompiledSource compiled = TRY(compile(build, work, i));
        objects.push_back(compiled.object);
        entry.files.insert(entry.files.end(), compiled.files.begin(), compiled.files.end());
        entry.warnings += compiled.warnings;
    }
    std::sort(entry.files.begin(), entry.files.end());
    entry.files.erase(std::unique(entry.files.begin(), entry.files.end()), entry.files.end());

    entry.shared_object = work.file("module.so");
    const Compiler::LinkJob link{.objects = objects, .script = work.file("module.lds"), .output = entry.shared_object};
    TRY_VOID(replace_file(link.script, kLinkerScript));
    const ProcessOutcome linked = TRY(run_process(build.compiler.link_command(link)));
    if (linked.exit_status != 0)
        return explain_compile_failure(linked.output, build.sources.files[0], SupportedNames(build.kernel_headers));
    entry.program_hash = TRY(program_hash(build, entry.files));
    return ModuleCache(build.cache_folder).store(entry);
}

// Compilers call these for copies and initialisations of whole structures, whatever the source says.
bool is_compiler_support(const std::string& name) {
    return name == "memcpy" || name == "memmove" || name == "memset" || name == "memcmp" || name.starts_with("__cxa_");
}

// Defined by the executable itself: a function of the C library must not stand in for one of the kernel.
bool executable_defines(const std::string& name) {
    void* const address = dlsym(RTLD_DEFAULT, name.c_str());
    if (address == nullptr) return false;
    Dl_info symbol{};
    Dl_info executable{};
    const auto* const program_headers = reinterpret_cast<const void*>(getauxval(AT_PHDR));
    if (dladdr(address, &symbol) == 0 || dladdr(program_headers, &executable) == 0) return false;
    return symbol.dli_fbase == executable.dli_fbase;
}

base::Result<void> check_symbols(const CachedModule& module, const ModuleSources& sources, const SymbolLookup& lookup) {
    std::vector<std::string> undefined;
    for (const std::string& name : TRY(undefined_symbols(module.shared_object)))
        if (!is_compiler_support(name) && !(lookup ? lookup(name) : executable_defines(name))) undefined.push_back(name);
    if (undefined.empty()) return {};
    return explain_undefined_symbols(undefined, sources.files);
}

}  // namespace

base::Result<BuiltModule> build_module(const BuildRequest& request) {
    ModuleSources sources = TRY(find_module_sources(request.inputs));
    CompileOptions options = request.options;
    options.extra_flags.insert(options.extra_flags.begin(), sources.flags.begin(), sources.flags.end());
    const Build build{TRY(Compiler::find(options)), std::move(sources), TRY(home_folder()) + "/include/kernel",
                      TRY(cache_folder())};

    const std::string request_name = TRY(request_hash(build));
    auto found = ModuleCache(build.cache_folder).find(request_name);
    const CachedModule module = found ? std::move(*found) : TRY(compile_and_store(build, request_name));
    TRY_VOID(check_symbols(module, build.sources, request.is_defined));
    return BuiltModule{build.sources.name, module.shared_object, module.program_hash, build.sources.files, module.warnings};
}

}  // namespace kloom::toolchain
