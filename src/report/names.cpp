#include "report/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "trace/memory_map.hpp"

namespace kloom::report {

using trace::Event;
using trace::EventKind;
using trace::PathInfo;
using trace::PathKind;

namespace {

constexpr uint64_t kDecimalMax =
    9'999'999;  // larger values are easier to tell apart in hexadecimal
constexpr int64_t kNegativeMin = -9'999;
constexpr int kHexDigitsShown = 4;

int64_t sign_extended(uint64_t value, uint32_t size) {
    const unsigned unused_bits = size < 8 ? 64 - 8 * size : 0;
    return static_cast<int64_t>(value << unused_bits) >> unused_bits;
}

// "CPU 1's counter" for "CPU 1's copy of counter": cells are narrow.
std::string without_copy(std::string text) {
    constexpr std::string_view kCopy = "'s copy of ";
    const size_t at = text.find(kCopy);
    return at == std::string::npos ? text : text.replace(at, kCopy.size(), "'s ");
}

// The first site of the path that site `index` is about.
size_t index_of_path(const trace::Finding& finding, size_t index) {
    size_t first = 0;
    while (finding.sites[first].path != finding.sites[index].path) ++first;  // ends: at `index`
    return first;
}

}  // namespace

Names::Names(const trace::Recording& recording, const trace::Symbols& symbols)
    : recording_(recording), symbols_(symbols) {
    for (const trace::RecordedEvent& recorded : recording.events)
        if (recorded.event.kind == EventKind::Allocate) allocations_.push_back(&recorded.event);
}

std::string Names::brief_path(const PathInfo& info) {
    return info.name;
}

std::string Names::full_path(const PathInfo& info) {
    if (info.kind == PathKind::Task) return fmt::format("{} (pid {})", info.name, info.pid);
    const std::string_view name = info.name;
    return name.find('/') != std::string_view::npos
               ? std::string(name)
               : fmt::format("{} on CPU {}", name, info.cpu.value);
}

const PathInfo* Names::find_path(trace::PathId path, uint64_t number) const {
    const auto& events = recording_.events;
    const auto end = std::upper_bound(events.begin(), events.end(), number,
                                      [](uint64_t wanted, const trace::RecordedEvent& recorded) {
                                          return wanted < recorded.event.number;
                                      });
    const auto last = std::find_if(
        std::make_reverse_iterator(end), events.rend(), [&](const trace::RecordedEvent& recorded) {
            return recorded.event.path == path && recorded.info().id == path;
        });
    if (last != events.rend()) return &last->info();
    const auto known = std::find_if(recording_.paths.begin(), recording_.paths.end(),
                                    [&](const PathInfo& info) { return info.id == path; });
    return known != recording_.paths.end() ? &*known : nullptr;
}

std::optional<Names::HeapPlace> Names::find_heap(uintptr_t address) const {
    if (const auto inside = find_heap(address, 0)) return inside;
    return find_heap(address, trace::kHeapRedZone);  // just beside an object: out of its bounds
}

std::optional<Names::HeapPlace> Names::find_heap(uintptr_t address, size_t slack) const {
    const auto is_at = [&](const Event& allocation, uintptr_t place) {
        return place - allocation.address + slack < allocation.size + 2 * slack;
    };
    for (size_t index = allocations_.size(); index-- != 0;) {
        const Event& allocation = *allocations_[index];
        if (is_at(allocation, address))
            return HeapPlace{&allocation, static_cast<int64_t>(address - allocation.address),
                             std::nullopt};
        if (allocation.flags != static_cast<uint16_t>(trace::MemoryKind::PerCpu)) continue;
        // How many strides the copy lies below; the nearest one, for an address beside the object.
        const uintptr_t copies =
            (allocation.address - address + allocation.size + slack - 1) / trace::kPerCpuStride;
        const uintptr_t canonical = address + copies * trace::kPerCpuStride;
        if (copies == 0 || copies > trace::kCpusMax || !is_at(allocation, canonical)) continue;
        return HeapPlace{&allocation, static_cast<int64_t>(canonical - allocation.address),
                         static_cast<uint16_t>(copies - 1)};
    }
    return std::nullopt;
}

std::string Names::describe(uintptr_t address, uint32_t size) const {
    const auto place = find_heap(address);
    if (!place.has_value()) return symbols_.describe(address, size);
    std::string text;
    if (place->offset != 0) text = fmt::format("byte {} of ", place->offset);
    if (place->cpu.has_value()) text += fmt::format("CPU {}'s copy of ", *place->cpu);
    text += fmt::format("the {}-byte object", place->allocation->size);
    const trace::SourceLocation where = symbols_.locate(place->allocation->pc);
    return where.is_known() ? text + " allocated at " + brief_place(where) : text;
}

std::string Names::letter_of(const Event* allocation) {
    auto known = std::find(named_.begin(), named_.end(), allocation);
    if (known == named_.end()) known = named_.insert(named_.end(), allocation);
    if (single_object_) return "the object";
    const size_t index = static_cast<size_t>(known - named_.begin());
    constexpr size_t kLetters = 26;
    return index < kLetters ? fmt::format("object {}", static_cast<char>('A' + index))
                            : fmt::format("object {}", index + 1);
}

std::string Names::object(uintptr_t address, uint32_t size) {
    if (address < kNullPageEnd) return address == 0 ? "NULL" : fmt::format("NULL + {}", address);
    const auto place = find_heap(address);
    if (!place.has_value()) return without_copy(symbols_.describe(address, size));
    std::string text = letter_of(place->allocation);
    if (place->cpu.has_value() && text.starts_with("the ")) text.erase(0, 4);
    if (place->offset > 0) text += fmt::format(" + {}", place->offset);
    if (place->offset < 0) text += fmt::format(" - {}", -place->offset);
    return place->cpu.has_value() ? fmt::format("CPU {}'s {}", *place->cpu, text) : text;
}

std::string Names::value(uint64_t value, uint32_t size, bool is_pointer) {
    if (value == 0 && is_pointer) return "NULL";
    const int64_t as_signed = sign_extended(value, size);
    if (as_signed < 0 && as_signed >= kNegativeMin) return std::to_string(as_signed);
    if (value <= kDecimalMax) return std::to_string(value);
    if (size < 8 || !is_address(value)) return fmt::format("{:#x}", value);
    if (find_heap(value).has_value()) return object(value, 1);
    return fmt::format("0x...{:0{}x}", value & 0xffff, kHexDigitsShown);
}

std::vector<std::string> Names::legend() const {
    std::vector<std::string> lines;
    constexpr size_t kLettersShown = 8;
    for (size_t index = 0; index < std::min(named_.size(), kLettersShown); ++index) {
        const Event& allocation = *named_[index];
        std::string line = single_object_
                               ? "the object"
                               : fmt::format("object {}", static_cast<char>('A' + index));
        line += fmt::format(": {} byte{}", allocation.size, allocation.size == 1 ? "" : "s");
        if (allocation.flags == static_cast<uint16_t>(trace::MemoryKind::PerCpu))
            line += " for each CPU";
        const trace::SourceLocation where = symbols_.locate(allocation.pc);
        if (where.is_known()) line += ", allocated at " + brief_place(where);
        if (const PathInfo* path = find_path(allocation.path, allocation.number))
            line += " by " + brief_path(*path);
        lines.push_back(std::move(line));
    }
    return lines;
}

std::string brief_place(const trace::SourceLocation& place) {
    const size_t slash = place.file.rfind('/');
    return fmt::format("{}:{}",
                       slash == std::string::npos ? place.file : place.file.substr(slash + 1),
                       place.line);
}

std::string expand_message(const trace::Finding& finding, const Names& names) {
    std::string text;
    std::vector<char> is_named(finding.sites.size(),
                               false);  // [site]: its path has been named in full
    const std::string& message = finding.message;
    for (size_t at = 0; at < message.size();) {
        const size_t close = message[at] == '{' ? message.find('}', at) : std::string::npos;
        if (close == std::string::npos) {
            text += message[at++];
            continue;
        }
        const std::string key = message.substr(at + 1, close - at - 1);
        const bool is_index =
            !key.empty() && key.size() < 3 &&
            std::all_of(key.begin(), key.end(), [](char c) { return c >= '0' && c <= '9'; });
        const size_t index = is_index ? static_cast<size_t>(std::stoi(key)) : 0;
        if (key == "object") {
            text += names.describe(finding.address, finding.size);
        } else if (is_index && index < finding.sites.size()) {
            const trace::FindingSite& site = finding.sites[index];
            const PathInfo* path = names.find_path(site.path, site.event_number);
            const bool is_known = std::exchange(is_named[index_of_path(finding, index)], true);
            text += path == nullptr ? "an unknown path"
                    : is_known      ? Names::brief_path(*path)
                                    : Names::full_path(*path);
        } else {
            text += message.substr(at, close - at + 1);
        }
        at = close + 1;
    }
    return text;
}

}  // namespace kloom::report
