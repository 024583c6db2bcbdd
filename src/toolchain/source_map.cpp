#include "toolchain/source_map.hpp"

#include <dwarf.h>
#include <elfutils/libdw.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "toolchain/dwarf_types.hpp"
#include "toolchain/files.hpp"

namespace kloom::toolchain {
namespace {

// A variable with a fixed address; locals that are static too.
struct Variable {
    uint64_t address;
    uint64_t size;
    std::string name;
    Dwarf_Die die;
};

std::string die_name(Dwarf_Die* die) {
    Dwarf_Attribute attribute;
    const char* const name = dwarf_formstring(dwarf_attr_integrate(die, DW_AT_name, &attribute));
    return name == nullptr ? "" : name;
}

int die_number(Dwarf_Die* die, unsigned name) {
    Dwarf_Attribute attribute;
    Dwarf_Word value;
    if (dwarf_attr(die, name, &attribute) == nullptr || dwarf_formudata(&attribute, &value) != 0) return 0;
    return static_cast<int>(value);
}

bool is_function(Dwarf_Die* die) {
    return dwarf_tag(die) == DW_TAG_subprogram || dwarf_tag(die) == DW_TAG_inlined_subroutine;
}

// Paths in debug information may be relative to the folder the compiler ran in.
std::string absolute_source(Dwarf_Die* unit, const char* file) {
    if (file == nullptr) return "";
    std::filesystem::path path = file;
    Dwarf_Attribute attribute;
    const char* const folder = dwarf_formstring(dwarf_attr(unit, DW_AT_comp_dir, &attribute));
    if (path.is_relative() && folder != nullptr) path = std::filesystem::path(folder) / path;
    return path.lexically_normal().string();
}

std::string file_of_call(Dwarf_Die* unit, Dwarf_Die* inlined) {
    Dwarf_Files* files = nullptr;
    size_t count = 0;
    const auto index = static_cast<size_t>(die_number(inlined, DW_AT_call_file));
    if (dwarf_getsrcfiles(unit, &files, &count) != 0 || index >= count) return "";
    return absolute_source(unit, dwarf_filesrc(files, index, nullptr, nullptr));
}

// The address in a variable's location when it is a constant one.
std::optional<uint64_t> fixed_address(Dwarf_Die* variable) {
    Dwarf_Attribute attribute;
    Dwarf_Op* operations = nullptr;
    size_t count = 0;
    if (dwarf_attr_integrate(variable, DW_AT_location, &attribute) == nullptr ||
        dwarf_getlocation(&attribute, &operations, &count) != 0 || count != 1)
        return std::nullopt;
    if (operations[0].atom == DW_OP_addr) return operations[0].number;
    Dwarf_Attribute indexed;  // DWARF 5, as clang writes it: an index into .debug_addr
    Dwarf_Addr address = 0;
    if (operations[0].atom != DW_OP_addrx || dwarf_getlocation_attr(&attribute, operations, &indexed) != 0 ||
        dwarf_formaddr(&indexed, &address) != 0)
        return std::nullopt;
    return address;
}

std::optional<uint64_t> size_of_variable(Dwarf_Die* variable) {
    Dwarf_Attribute attribute;
    Dwarf_Die type;
    Dwarf_Word size;
    if (dwarf_attr_integrate(variable, DW_AT_type, &attribute) == nullptr ||
        dwarf_formref_die(&attribute, &type) == nullptr || dwarf_aggregate_size(&type, &size) != 0)
        return std::nullopt;
    return size;
}

// Adds the variables below `die`: of the unit, of namespaces, and static ones of functions and their blocks.
void collect_variables(Dwarf_Die* die, std::vector<Variable>& variables) {
    Dwarf_Die child;
    if (dwarf_child(die, &child) != 0) return;
    do {
        switch (dwarf_tag(&child)) {
            case DW_TAG_variable:
                if (const auto address = fixed_address(&child))
                    variables.push_back({*address, size_of_variable(&child).value_or(0), die_name(&child), child});
                break;
            case DW_TAG_subprogram:
            case DW_TAG_lexical_block:
            case DW_TAG_namespace: collect_variables(&child, variables); break;
            default: break;
        }
    } while (dwarf_siblingof(&child, &child) == 0);
}

}  // namespace

struct SourceMap::State {
    State(ElfFile file, std::string headers) : elf(std::move(file)), kernel_headers(std::move(headers)) {}
    ~State() { dwarf_end(dwarf); }

    bool is_header(const std::string& file) const {
        return file.starts_with(kernel_headers) && file.size() > kernel_headers.size() && file[kernel_headers.size()] == '/';
    }
    Dwarf* debug_information();
    std::optional<Dwarf_Die> unit_of(uint64_t address);
    SourceLocation find_location(uint64_t address);
    void leave_inlined(Dwarf_Die* unit, uint64_t address, SourceLocation& location);
    const std::vector<Variable>& all_variables();
    const std::vector<Symbol>& all_symbols();

    ElfFile elf;
    std::string kernel_headers;
    Dwarf* dwarf = nullptr;  // opened by the first question that needs it
    bool is_dwarf_open = false;
    std::optional<std::vector<Variable>> variables;  // by address
    std::optional<std::vector<Symbol>> symbols;      // by address
    std::unordered_map<uint64_t, SourceLocation> locations;
    std::unordered_map<std::string, std::vector<std::string>> source_lines;
};

Dwarf* SourceMap::State::debug_information() {
    if (!is_dwarf_open) {
        dwarf = dwarf_begin_elf(elf.handle(), DWARF_C_READ, nullptr);
        is_dwarf_open = true;
    }
    return dwarf;
}

// The compilation unit with code at `address`. A module has few units, so they are asked in turn; clang writes no
// .debug_aranges that would answer at once.
std::optional<Dwarf_Die> SourceMap::State::unit_of(uint64_t address) {
    Dwarf* const debug = debug_information();
    if (debug == nullptr) return std::nullopt;
    Dwarf_Off offset = 0;
    Dwarf_Off next = 0;
    size_t header_size = 0;
    while (dwarf_nextcu(debug, offset, &next, &header_size, nullptr, nullptr, nullptr) == 0) {
        Dwarf_Die unit;
        if (dwarf_offdie(debug, offset + header_size, &unit) != nullptr && dwarf_haspc(&unit, address) == 1) return unit;
        offset = next;
    }
    return std::nullopt;
}

SourceLocation SourceMap::State::find_location(uint64_t address) {
    SourceLocation location;
    std::optional<Dwarf_Die> unit = unit_of(address);
    Dwarf_Line* const line = unit ? dwarf_getsrc_die(&*unit, address) : nullptr;
    if (line == nullptr) return location;
    location.file = absolute_source(&*unit, dwarf_linesrc(line, nullptr, nullptr));
    dwarf_lineno(line, &location.line);
    dwarf_linecol(line, &location.column);
    leave_inlined(&*unit, address, location);
    location.is_kernel_header = is_header(location.file);
    return location;
}

// Names the function, and walks from the innermost inlined function outwards while the line is a kernel header's: the
// line that called it stands for it.
void SourceMap::State::leave_inlined(Dwarf_Die* unit, uint64_t address, SourceLocation& location) {
    Dwarf_Die* innermost = nullptr;
    if (dwarf_getscopes(unit, address, &innermost) <= 0) return;
    Dwarf_Die* scopes = nullptr;
    const int count = dwarf_getscopes_die(innermost, &scopes);
    for (int i = 0; i < count; ++i) {
        if (!is_function(&scopes[i])) continue;
        location.function = die_name(&scopes[i]);
        if (dwarf_tag(&scopes[i]) != DW_TAG_inlined_subroutine || !is_header(location.file)) break;
        location.file = file_of_call(unit, &scopes[i]);
        location.line = die_number(&scopes[i], DW_AT_call_line);
        location.column = die_number(&scopes[i], DW_AT_call_column);
    }
    std::free(scopes);
    std::free(innermost);
}

const std::vector<Variable>& SourceMap::State::all_variables() {
    if (variables) return *variables;
    variables.emplace();
    Dwarf* const debug = debug_information();
    Dwarf_Off offset = 0;
    Dwarf_Off next = 0;
    size_t header_size = 0;
    while (debug != nullptr &&
           dwarf_nextcu(debug, offset, &next, &header_size, nullptr, nullptr, nullptr) == 0) {
        Dwarf_Die unit;
        if (dwarf_offdie(debug, offset + header_size, &unit) != nullptr) collect_variables(&unit, *variables);
        offset = next;
    }
    std::stable_sort(variables->begin(), variables->end(),
                     [](const Variable& left, const Variable& right) { return left.address < right.address; });
    return *variables;
}

const std::vector<Symbol>& SourceMap::State::all_symbols() {
    if (!symbols) symbols = elf.symbols();
    return *symbols;
}

SourceMap::SourceMap(std::unique_ptr<State> state) : state_(std::move(state)) {}
SourceMap::SourceMap(SourceMap&&) noexcept = default;
SourceMap& SourceMap::operator=(SourceMap&&) noexcept = default;
SourceMap::~SourceMap() = default;

base::Result<SourceMap> SourceMap::load(const std::string& path, const std::string& kernel_headers) {
    const std::string headers = std::filesystem::path(kernel_headers).lexically_normal().string();
    return SourceMap(std::make_unique<State>(TRY(ElfFile::open(path)), headers));
}

base::Result<SourceMap> SourceMap::load(const std::string& path) {
    return load(path, TRY(home_folder()) + "/include/kernel");
}

const SourceLocation& SourceMap::locate(uint64_t address) const {
    const auto [entry, is_new] = state_->locations.try_emplace(address);
    if (is_new) entry->second = state_->find_location(address);
    return entry->second;
}

std::string SourceMap::source_line(const std::string& file, int line) const {
    const auto [entry, is_new] = state_->source_lines.try_emplace(file);
    if (is_new) {
        if (const auto contents = read_file(file)) {
            std::istringstream stream(*contents);
            for (std::string text; std::getline(stream, text);) entry->second.push_back(text);
        }
    }
    if (line < 1 || static_cast<size_t>(line) > entry->second.size()) return "";
    const std::string& text = entry->second[static_cast<size_t>(line) - 1];
    const size_t begin = text.find_first_not_of(" \t");
    if (begin == std::string::npos) return "";
    return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

std::optional<SymbolPlace> SourceMap::symbol_at(uint64_t address) const {
    const std::vector<Symbol>& symbols = state_->all_symbols();
    const auto after = std::upper_bound(symbols.begin(), symbols.end(), address,
                                        [](uint64_t wanted, const Symbol& symbol) { return wanted < symbol.address; });
    for (auto symbol = after; symbol != symbols.begin();) {
        --symbol;
        if (address - symbol->address < symbol->size) return SymbolPlace{symbol->name, address - symbol->address, symbol->size};
        if (symbol->address != std::prev(after)->address) break;  // symbols do not overlap, but several may start there
    }
    return std::nullopt;
}

std::string SourceMap::describe_data(uint64_t address, uint64_t size) const {
    const std::vector<Variable>& variables = state_->all_variables();
    const auto after =
        std::upper_bound(variables.begin(), variables.end(), address,
                         [](uint64_t wanted, const Variable& variable) { return wanted < variable.address; });
    if (after != variables.begin()) {
        const Variable& variable = *std::prev(after);
        const uint64_t offset = address - variable.address;
        if (offset < variable.size) {
            Dwarf_Die die = variable.die;
            return variable.name + member_path(&die, offset, size);
        }
    }
    const auto symbol = symbol_at(address);
    if (!symbol) return "";
    return symbol->offset == 0 ? symbol->name : symbol->name + " + " + std::to_string(symbol->offset);
}

std::optional<Section> SourceMap::section(const std::string& name) const { return state_->elf.section(name); }

}  // namespace kloom::toolchain
