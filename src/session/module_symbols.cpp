#include "session/module_symbols.hpp"

#include <algorithm>
#include <filesystem>

namespace kloom::session {

using trace::AddressInfo;
using trace::Region;

base::Result<std::unique_ptr<ModuleSymbols>> ModuleSymbols::load(Program& program) {
    toolchain::SourceMap map = TRY(toolchain::SourceMap::load(program.module().shared_object));
    return std::unique_ptr<ModuleSymbols>(new ModuleSymbols(program, std::move(map)));
}

ModuleSymbols::ModuleSymbols(Program& program, toolchain::SourceMap map) : program_(program), map_(std::move(map)) {}

// As the user wrote it: relative to the working directory when the file lies below it.
std::string ModuleSymbols::shorten(const std::string& file) const {
    std::error_code error;
    const std::filesystem::path here = std::filesystem::current_path(error);
    if (error) return file;
    const std::filesystem::path relative = std::filesystem::path(file).lexically_relative(here);
    return relative.empty() || *relative.begin() == ".." ? file : relative.string();
}

trace::SourceLocation ModuleSymbols::locate(uintptr_t pc) const {
    const kernel::ModuleImage& image = program_.kernel().module;
    if (pc == 0 || !image.contains(pc)) return {};
    const toolchain::SourceLocation& found = map_.locate(pc - image.image_begin);
    if (!found.is_known()) return {};
    return {.file = shorten(found.file), .line = found.line, .function = found.function};
}

std::string ModuleSymbols::source_line(const std::string& file, int line) const { return map_.source_line(file, line); }

std::string ModuleSymbols::describe_module_data(uintptr_t address, uint32_t size) const {
    const kernel::ModuleImage& image = program_.kernel().module;
    if (!image.contains(address)) return "";
    const uint64_t offset = address - image.image_begin;
    std::string name = map_.describe_data(offset, size);
    if (!name.empty()) return name;
    const auto symbol = map_.symbol_at(offset);
    if (!symbol.has_value()) return "";
    return symbol->offset == 0 ? symbol->name : symbol->name + "+" + std::to_string(symbol->offset);
}

std::string ModuleSymbols::describe_heap(const trace::HeapObject& object, uintptr_t address) const {
    std::string text;
    if (address >= object.address && address < object.address + object.size && address != object.address)
        text = "byte " + std::to_string(address - object.address) + " of ";
    text += "the " + std::to_string(object.size) + "-byte object";
    const trace::SourceLocation place = locate(object.allocated_at);
    if (place.is_known()) text += " allocated at " + place.file + ":" + std::to_string(place.line);
    return text;
}

std::string ModuleSymbols::describe(uintptr_t address, uint32_t size) const {
    const AddressInfo info = program_.machine().memory().classify(address);
    switch (info.region) {
        case Region::NullPage: return "the null page";
        case Region::Heap: return info.object != nullptr ? describe_heap(*info.object, address) : "the heap";
        case Region::PerCpu: {
            const std::string copy = "CPU " + std::to_string(info.cpu.value) + "'s copy of ";
            if (info.object != nullptr) return copy + describe_heap(*info.object, info.canonical);
            const std::string name = describe_module_data(info.canonical, size);
            return copy + (name.empty() ? "a per-CPU variable" : name);
        }
        case Region::Stack: {
            const auto& tasks = program_.machine().tasks();
            const auto owner = std::find_if(tasks.begin(), tasks.end(), [&](const machine::Task& task) { return task.id == info.owner; });
            return owner == tasks.end() ? "a local variable of an interrupt handler" : "a local variable of " + std::string(owner->name);
        }
        case Region::Kernel: return "an object of the kernel";
        case Region::User: return "memory of a user process";
        default: break;
    }
    const std::string name = describe_module_data(address, size);
    return name.empty() ? "memory at an unknown address" : name;
}

}  // namespace kloom::session
