// ElfImage: where the sections and segments of a loaded shared object lie.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace kloom::kernel {

struct ImageRange {
    uintptr_t begin = 0;
    uintptr_t end = 0;
    size_t size() const { return end - begin; }
    bool contains(uintptr_t address) const { return address >= begin && address < end; }
};

// A function or variable of the module, static ones too.
struct ImageSymbol {
    uintptr_t address = 0;
    size_t size = 0;
    std::string name;
};

struct ElfImage {
    uintptr_t base = 0;                   // what addresses in the file are relative to
    ImageRange mapped;                  // from the first segment to the last
    std::vector<ImageRange> text;       // executable segments
    std::vector<ImageRange> read_only;  // and what the loader made read-only after relocation
    std::vector<ImageRange> writable;   // without that
    std::optional<ImageRange> parameters;  // section kloom_params
    std::optional<ImageRange> percpu;      // section .data..percpu
    std::optional<ImageRange> information;  // section .modinfo
    std::vector<ImageSymbol> symbols;       // ascending by address
};

// Describes the object that dlopen() returned as `handle` and that was read from the file at `path`.
base::Result<ElfImage> inspect_image(void* handle, const std::string& path);

}  // namespace kloom::kernel
