#include "kernel/module/elf_image.hpp"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string_view>
#include <tuple>

namespace kloom::kernel {

namespace {

constexpr uintptr_t kPageBytes = 4096;

uintptr_t page_begin(uintptr_t address) { return address & ~(kPageBytes - 1); }

struct SegmentSearch {
    uintptr_t base;
    ElfImage& image;
    bool found = false;
};

// The loader protects whole pages only: the rest of the last page stays writable.
ImageRange relro_of(const dl_phdr_info& info) {
    for (int index = 0; index < info.dlpi_phnum; ++index) {
        const ElfW(Phdr)& header = info.dlpi_phdr[index];
        if (header.p_type != PT_GNU_RELRO) continue;
        const uintptr_t begin = info.dlpi_addr + header.p_vaddr;
        return {page_begin(begin), page_begin(begin + header.p_memsz)};
    }
    return {};
}

void add_segment(const ElfW(Phdr) & header, ImageRange range, const ImageRange& relro, ElfImage& image) {
    if ((header.p_flags & PF_X) != 0) {
        image.text.push_back(range);
    } else if ((header.p_flags & PF_W) == 0) {
        image.read_only.push_back(range);
    } else {
        const ImageRange before{range.begin, std::clamp(relro.begin, range.begin, range.end)};
        const ImageRange after{std::clamp(relro.end, range.begin, range.end), range.end};
        if (relro.size() == 0) {
            image.writable.push_back(range);
            return;
        }
        image.read_only.push_back({before.end, after.begin});
        for (const ImageRange& part : {before, after})
            if (part.size() != 0) image.writable.push_back(part);
    }
}

int visit_object(dl_phdr_info* info, size_t, void* argument) {
    auto& search = *static_cast<SegmentSearch*>(argument);
    if (info->dlpi_addr != search.base) return 0;
    search.found = true;
    ElfImage& image = search.image;
    image.mapped = {~uintptr_t{0}, 0};
    const ImageRange relro = relro_of(*info);
    for (int index = 0; index < info->dlpi_phnum; ++index) {
        const ElfW(Phdr)& header = info->dlpi_phdr[index];
        if (header.p_type != PT_LOAD) continue;
        const uintptr_t begin = info->dlpi_addr + header.p_vaddr;
        const ImageRange range{begin, begin + header.p_memsz};
        image.mapped.begin = std::min(image.mapped.begin, range.begin);
        image.mapped.end = std::max(image.mapped.end, range.end);
        add_segment(header, range, relro, image);
    }
    return 1;
}

struct FileCloser {
    void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, FileCloser>;

bool read_at(std::FILE* file, uint64_t offset, void* buffer, size_t size) {
    return std::fseek(file, static_cast<long>(offset), SEEK_SET) == 0 && std::fread(buffer, 1, size, file) == size;
}

// The section table and the names in it. Bounded by the sizes that the ELF header gives, which are 16 bits.
struct SectionTable {
    std::vector<Elf64_Shdr> headers;
    std::string names;
    std::vector<Elf64_Sym> symbols;
    std::string symbol_names;

    std::optional<ImageRange> find(std::string_view name, uintptr_t base) const {
        for (const Elf64_Shdr& header : headers) {
            if (header.sh_name >= names.size() || names.c_str() + header.sh_name != name || header.sh_size == 0) continue;
            return ImageRange{base + header.sh_addr, base + header.sh_addr + header.sh_size};
        }
        return std::nullopt;
    }
};

// The whole section of `header` as elements of T.
template <class Container>
bool read_section(std::FILE* file, const Elf64_Shdr& header, Container& content) {
    content.resize(header.sh_size / sizeof(content[0]));
    return read_at(file, header.sh_offset, content.data(), content.size() * sizeof(content[0]));
}

// A file that was stripped has no symbols; that is no error.
bool read_symbols(std::FILE* file, SectionTable& table) {
    for (const Elf64_Shdr& header : table.headers) {
        if (header.sh_type != SHT_SYMTAB || header.sh_link >= table.headers.size()) continue;
        return read_section(file, header, table.symbols) &&
               read_section(file, table.headers[header.sh_link], table.symbol_names);
    }
    return true;
}

std::vector<ImageSymbol> symbols_of(const SectionTable& table, uintptr_t base) {
    std::vector<ImageSymbol> symbols;
    for (const Elf64_Sym& symbol : table.symbols) {
        const int type = ELF64_ST_TYPE(symbol.st_info);
        if ((type != STT_FUNC && type != STT_OBJECT) || symbol.st_shndx == SHN_UNDEF) continue;
        if (symbol.st_name >= table.symbol_names.size()) continue;
        symbols.push_back({base + symbol.st_value, symbol.st_size, table.symbol_names.c_str() + symbol.st_name});
    }
    std::ranges::sort(symbols, {}, [](const ImageSymbol& symbol) { return std::tie(symbol.address, symbol.name); });
    return symbols;
}

base::Result<SectionTable> read_sections(const std::string& path) {
    const base::Error broken{path + ": not a module that kloom has compiled", "compile it again"};
    const File file(std::fopen(path.c_str(), "rb"));
    if (file == nullptr) return base::Error{path + ": cannot be read: " + std::strerror(errno), ""};
    Elf64_Ehdr header;
    if (!read_at(file.get(), 0, &header, sizeof header) || std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 ||
        header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_shentsize != sizeof(Elf64_Shdr))
        return broken;
    SectionTable table;
    table.headers.resize(header.e_shnum);
    if (!read_at(file.get(), header.e_shoff, table.headers.data(), table.headers.size() * sizeof(Elf64_Shdr)) ||
        header.e_shstrndx >= table.headers.size())
        return broken;
    if (!read_section(file.get(), table.headers[header.e_shstrndx], table.names)) return broken;
    if (!read_symbols(file.get(), table)) return broken;
    return table;
}

}  // namespace

base::Result<ElfImage> inspect_image(void* handle, const std::string& path) {
    const link_map* map = nullptr;
    if (dlinfo(handle, RTLD_DI_LINKMAP, &map) != 0) return base::Error{path + ": the loader does not know it", ""};
    ElfImage image;
    image.base = map->l_addr;
    SegmentSearch search{image.base, image};
    dl_iterate_phdr(visit_object, &search);
    if (!search.found) return base::Error{path + ": has no segments", ""};

    const SectionTable sections = TRY(read_sections(path));
    image.parameters = sections.find("kloom_params", image.base);
    image.percpu = sections.find(".data..percpu", image.base);
    image.information = sections.find(".modinfo", image.base);
    image.symbols = symbols_of(sections, image.base);
    return image;
}

}  // namespace kloom::kernel
