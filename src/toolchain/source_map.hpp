// SourceMap: what the addresses of a loaded module mean in its source.
//
// Addresses are relative to where the module is loaded (0 is its first byte). Debug information is read with elfutils,
// piece by piece: opening a map only maps the file; each question is answered once and remembered.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "toolchain/elf_file.hpp"

namespace kloom::toolchain {

struct SourceLocation {
    std::string file;  // absolute path; empty when nothing is known
    int line = 0;
    int column = 0;        // 0 when the compiler did not say
    std::string function;  // the function of the source, also when it was inlined
    bool is_kernel_header = false;  // code of include/kernel that was not inlined: its caller is the module's

    bool is_known() const { return !file.empty(); }
};

// A function or variable and where in it an address lies.
struct SymbolPlace {
    std::string name;
    uint64_t offset = 0;  // from its start
    uint64_t size = 0;    // of the whole
};

class SourceMap {
  public:
    // `path` is a shared object built by build_module; `kernel_headers` the folder include/kernel, whose inline functions
    // stand for the lines that call them.
    static base::Result<SourceMap> load(const std::string& path, const std::string& kernel_headers);
    // The same, with the kernel headers of this kloom.
    static base::Result<SourceMap> load(const std::string& path);

    SourceMap(SourceMap&&) noexcept;
    SourceMap& operator=(SourceMap&&) noexcept;
    ~SourceMap();

    // The line of the instruction at `address`. For a return address ask for `address - 1`, which is in the call.
    const SourceLocation& locate(uint64_t address) const;

    // The text of a line without its indentation; empty when the file or the line is not there.
    std::string source_line(const std::string& file, int line) const;

    // The function or variable that holds `address`.
    std::optional<SymbolPlace> symbol_at(uint64_t address) const;

    // What a person calls the `size` bytes at `address`: "total", "table[3]", "dev.queue.count". A structure is named as
    // a whole when `size` covers it; 0 stands for the smallest member. Members of locks and atomics are left out.
    // Empty when no variable is there.
    std::string describe_data(uint64_t address, uint64_t size = 0) const;

    // Where the named section lies; for ".data..percpu", "kloom_params", ".modinfo".
    std::optional<Section> section(const std::string& name) const;

  private:
    struct State;
    explicit SourceMap(std::unique_ptr<State> state);

    std::unique_ptr<State> state_;
};

}  // namespace kloom::toolchain
