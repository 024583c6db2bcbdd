// ElfFile: the symbols and sections of a shared object, without its debug information.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"

struct Elf;

namespace kloom::toolchain {

struct Section {
    uint64_t address = 0;  // relative to where the module is loaded, as all addresses here
    uint64_t size = 0;
};

struct Symbol {
    std::string name;
    uint64_t address = 0;
    uint64_t size = 0;
    bool is_function = false;  // else data
};

class ElfFile {
  public:
    static base::Result<ElfFile> open(const std::string& path);
    ElfFile(ElfFile&& other) noexcept;
    ElfFile& operator=(ElfFile&&) = delete;
    ~ElfFile();

    std::optional<Section> section(const std::string& name) const;
    // Functions and data objects of the symbol table, static ones too, by address.
    std::vector<Symbol> symbols() const;
    // Names that the dynamic linker has to find elsewhere; weak ones excepted.
    std::vector<std::string> undefined() const;

    Elf* handle() const { return elf_; }

  private:
    ElfFile(int file, Elf* elf) : file_(file), elf_(elf) {}

    int file_;
    Elf* elf_;
};

// ElfFile::undefined() of the file at `path`.
base::Result<std::vector<std::string>> undefined_symbols(const std::string& path);

}  // namespace kloom::toolchain
