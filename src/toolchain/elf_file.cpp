#include "toolchain/elf_file.hpp"

#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace kloom::toolchain {
namespace {

// Calls visit(name, symbol) for each entry of the file's symbol tables of this type (SHT_SYMTAB or SHT_DYNSYM).
template <class Visit>
void for_each_symbol(Elf* elf, uint32_t table_type, Visit visit) {
    for (Elf_Scn* section = elf_nextscn(elf, nullptr); section != nullptr; section = elf_nextscn(elf, section)) {
        GElf_Shdr header;
        if (gelf_getshdr(section, &header) == nullptr || header.sh_type != table_type || header.sh_entsize == 0) continue;
        Elf_Data* const data = elf_getdata(section, nullptr);
        if (data == nullptr) continue;
        const int count = static_cast<int>(header.sh_size / header.sh_entsize);
        for (int i = 1; i < count; ++i) {  // entry 0 is reserved
            GElf_Sym symbol;
            if (gelf_getsym(data, i, &symbol) == nullptr) break;
            const char* const name = elf_strptr(elf, header.sh_link, symbol.st_name);
            if (name != nullptr && name[0] != '\0') visit(name, symbol);
        }
    }
}

}  // namespace

base::Result<ElfFile> ElfFile::open(const std::string& path) {
    elf_version(EV_CURRENT);
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return base::Error{"cannot read " + path + ": " + std::strerror(errno), ""};
    Elf* const elf = elf_begin(file, ELF_C_READ_MMAP, nullptr);
    if (elf == nullptr || elf_kind(elf) != ELF_K_ELF) {
        elf_end(elf);
        close(file);
        return base::Error{path + " is no ELF file", ""};
    }
    return ElfFile(file, elf);
}

ElfFile::ElfFile(ElfFile&& other) noexcept
    : file_(std::exchange(other.file_, -1)), elf_(std::exchange(other.elf_, nullptr)) {}

ElfFile::~ElfFile() {
    elf_end(elf_);
    if (file_ >= 0) close(file_);
}

std::optional<Section> ElfFile::section(const std::string& name) const {
    size_t names = 0;
    if (elf_getshdrstrndx(elf_, &names) != 0) return std::nullopt;
    for (Elf_Scn* section = elf_nextscn(elf_, nullptr); section != nullptr; section = elf_nextscn(elf_, section)) {
        GElf_Shdr header;
        if (gelf_getshdr(section, &header) == nullptr) continue;
        const char* const section_name = elf_strptr(elf_, names, header.sh_name);
        if (section_name != nullptr && name == section_name) return Section{header.sh_addr, header.sh_size};
    }
    return std::nullopt;
}

std::vector<Symbol> ElfFile::symbols() const {
    std::vector<Symbol> symbols;
    for_each_symbol(elf_, SHT_SYMTAB, [&](const char* name, const GElf_Sym& symbol) {
        const unsigned type = GELF_ST_TYPE(symbol.st_info);
        if (symbol.st_shndx != SHN_UNDEF && (type == STT_FUNC || type == STT_OBJECT))
            symbols.push_back({name, symbol.st_value, symbol.st_size, type == STT_FUNC});
    });
    std::stable_sort(symbols.begin(), symbols.end(),
                     [](const Symbol& left, const Symbol& right) { return left.address < right.address; });
    return symbols;
}

std::vector<std::string> ElfFile::undefined() const {
    std::vector<std::string> names;
    for_each_symbol(elf_, SHT_DYNSYM, [&](const char* name, const GElf_Sym& symbol) {
        if (symbol.st_shndx == SHN_UNDEF && GELF_ST_BIND(symbol.st_info) != STB_WEAK) names.emplace_back(name);
    });
    std::sort(names.begin(), names.end());
    return names;
}

base::Result<std::vector<std::string>> undefined_symbols(const std::string& path) {
    const ElfFile file = TRY(ElfFile::open(path));
    return file.undefined();
}

}  // namespace kloom::toolchain
