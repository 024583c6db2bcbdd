// Workloads by name, from TOML files, and changed on the command line. One table of keys serves all three.
#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <functional>
#include <iomanip>
#include <limits>
#include <map>
#include <optional>
#include <sstream>

#include "base/result.hpp"
#include "os_models/os/os.h"
#include "os_models/presets.hpp"
#include "os_models/workload.hpp"

#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>

namespace kloom::os_models {

using base::Error;
using base::Result;

namespace {

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
    return text;
}

std::optional<double> number(std::string_view text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
    return value;
}

struct Range {
    double least;
    double most;
};

Result<double> number_in(const std::string& text, Range range) {
    const std::optional<double> value = number(text);
    if (!value) return Error{"'" + text + "' is no number", ""};
    if (*value < range.least || *value > range.most) {
        std::ostringstream limits;
        limits << std::setprecision(std::numeric_limits<double>::digits10) << "from " << range.least << " to " << range.most;
        return Error{text + " is out of range: " + limits.str(), ""};
    }
    return *value;
}

constexpr double kLongestNs = 1e12;

// "90us" in nanoseconds. Times have units, so that nobody needs to know which one is meant.
Result<double> duration_ns(const std::string& text) {
    static constexpr std::pair<std::string_view, double> kUnits[] = {{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}};
    const size_t unit_at = text.find_first_not_of("0123456789.+-e");
    if (text == "0") return 0.0;
    for (const auto& [unit, ns] : kUnits) {
        if (unit_at == std::string::npos || text.substr(unit_at) != unit) continue;
        const std::optional<double> value = number(std::string_view(text).substr(0, unit_at));
        if (!value || *value < 0 || *value * ns > kLongestNs) break;
        return *value * ns;
    }
    return Error{"'" + text + "' is no time up to 1000s, such as 500ns, 90us, 1.5ms or 2s", ""};
}

template <class Enum>
using Choices = std::vector<std::pair<const char*, Enum>>;

template <class Enum>
Result<Enum> one_of(const std::string& text, const Choices<Enum>& choices) {
    std::vector<std::string> names;
    for (const auto& [name, value] : choices) {
        if (text == name) return value;
        names.push_back(name);
    }
    return Error{"'" + text + "' is none of " + joined(names), ""};
}

const Choices<Shape> kShapes = {{"constant", Shape::Constant}, {"uniform", Shape::Uniform}, {"exponential", Shape::Exponential}, {"heavy", Shape::Heavy}};
const Choices<Placement> kPlacements = {{"even", Placement::Even}, {"random", Placement::Random}};
const Choices<Preempt> kPreempts = {{"none", Preempt::None}, {"voluntary", Preempt::Voluntary}, {"full", Preempt::Full}};
const Choices<bool> kBooleans = {{"true", true}, {"false", false}};

// How the text of a value gets into a workload.
using Setter = std::function<Result<void>(Workload&, const std::string&)>;

struct Key {
    const char* name;
    Setter set;
};

// `member` finds the place in a workload.
template <class Member>
Setter time_into(Member member) {
    return [member](Workload& workload, const std::string& text) -> Result<void> {
        auto& place = member(workload);
        place = static_cast<std::remove_reference_t<decltype(place)>>(TRY(duration_ns(text)));
        return {};
    };
}

template <class Member>
Setter number_into(Member member, Range range) {
    return [member, range](Workload& workload, const std::string& text) -> Result<void> {
        auto& place = member(workload);
        const double value = TRY(number_in(text, range));
        using Type = std::remove_reference_t<decltype(place)>;
        if (std::is_integral_v<Type> && value != std::floor(value)) return Error{text + " is no whole number", ""};
        place = static_cast<Type>(value);
        return {};
    };
}

template <class Enum, class Member>
Setter choice_into(Member member, const Choices<Enum>& choices) {
    return [member, &choices](Workload& workload, const std::string& text) -> Result<void> {
        member(workload) = TRY(one_of(text, choices));
        return {};
    };
}

#define MEMBER(path) [](Workload& workload) -> auto& { return workload.path; }

// The two keys of a span.
void add_span(std::vector<Key>& keys, std::pair<const char*, const char*> names, Setter mean, Setter shape) {
    keys.push_back({names.first, std::move(mean)});
    keys.push_back({names.second, std::move(shape)});
}

const std::vector<Key>& keys() {
    static const std::vector<Key> table = [] {
        constexpr Range kCount{0, 1e6};
        constexpr Range kShare{0, 1};
        std::vector<Key> keys = {
            {"processes.per_cpu", number_into(MEMBER(processes_per_cpu), {0.01, 1000})},
            {"processes.count", number_into(MEMBER(processes), kCount)},
            {"processes.placement", choice_into<Placement>(MEMBER(placement), kPlacements)},
            {"calls.locked", number_into(MEMBER(locked_share), kShare)},
            {"calls.mix.read", number_into(MEMBER(mix[0]), kCount)},
            {"calls.mix.write", number_into(MEMBER(mix[1]), kCount)},
            {"calls.mix.memory", number_into(MEMBER(mix[2]), kCount)},
            {"calls.mix.process", number_into(MEMBER(mix[3]), kCount)},
            {"memory.frames_per_cpu", number_into(MEMBER(frames_per_cpu), {0, 1 << 16})},
            {"memory.pages_per_process", number_into(MEMBER(pages_per_process), {0, 1 << 16})},
            {"files.blocks", number_into(MEMBER(blocks), {1, 1 << 24})},
            {"files.blocks_per_cpu", number_into(MEMBER(blocks_per_cpu), {0, 1 << 12})},
            {"files.buffers_per_cpu", number_into(MEMBER(buffers_per_cpu), {OS_CACHE_WAYS, 1 << 12})},
            {"files.hot", number_into(MEMBER(hot_share), kShare)},
            {"disk.count", number_into(MEMBER(disks), {0, 4096})},
            {"costs.dispatch", time_into(MEMBER(dispatch_ns))},
            {"costs.migration", time_into(MEMBER(migration_ns))},
            {"costs.interrupt", time_into(MEMBER(interrupt_ns))},
            {"costs.lock_transfer", time_into(MEMBER(lock_transfer_ns))},
            {"costs.lock_waiter", time_into(MEMBER(lock_waiter_ns))},
            {"scheduling.slice", time_into(MEMBER(slice_ns))},
            {"scheduling.preempt", choice_into<Preempt>(MEMBER(preempt), kPreempts)},
            {"scheduling.master_computes", choice_into<bool>(MEMBER(master_computes), kBooleans)},
            {"interactive.processes", number_into(MEMBER(interactive.processes), {0, 4096})},
        };
        add_span(keys, {"compute.mean", "compute.shape"}, time_into(MEMBER(compute.mean_ns)), choice_into<Shape>(MEMBER(compute.shape), kShapes));
        add_span(keys, {"calls.mean", "calls.shape"}, time_into(MEMBER(call.mean_ns)), choice_into<Shape>(MEMBER(call.shape), kShapes));
        add_span(keys, {"think.mean", "think.shape"}, time_into(MEMBER(think.mean_ns)), choice_into<Shape>(MEMBER(think.shape), kShapes));
        add_span(keys, {"disk.mean", "disk.shape"}, time_into(MEMBER(disk.mean_ns)), choice_into<Shape>(MEMBER(disk.shape), kShapes));
        add_span(keys, {"interactive.think.mean", "interactive.think.shape"}, time_into(MEMBER(interactive.think.mean_ns)),
                 choice_into<Shape>(MEMBER(interactive.think.shape), kShapes));
        add_span(keys, {"interactive.compute.mean", "interactive.compute.shape"}, time_into(MEMBER(interactive.compute.mean_ns)),
                 choice_into<Shape>(MEMBER(interactive.compute.shape), kShapes));
        return keys;
    }();
    return table;
}

#undef MEMBER

std::string section_of(std::string_view name) { return std::string(name.substr(0, name.find('.'))); }

// The keys of the same section, or else the sections.
std::string known_beside(const std::string& name) {
    std::vector<std::string> beside, sections;
    for (const Key& key : keys()) {
        if (section_of(key.name) == section_of(name)) beside.push_back(key.name);
        if (sections.empty() || sections.back() != section_of(key.name)) sections.push_back(section_of(key.name));
    }
    std::sort(sections.begin(), sections.end());
    sections.erase(std::unique(sections.begin(), sections.end()), sections.end());
    return beside.empty() ? "sections are " + joined(sections) : "keys there are " + joined(beside);
}

Result<void> set(Workload& workload, const std::string& name, const std::string& text) {
    for (const Key& key : keys()) {
        if (name != key.name) continue;
        Result<void> done = key.set(workload, text);
        if (!done) return Error{name + ": " + done.error().message, done.error().hint};
        return {};
    }
    return Error{"there is no key '" + name + "'", known_beside(name)};
}

// Values that are allowed, but not together.
struct Conflict {
    std::vector<std::string> keys;
    Error error;
};

std::optional<Conflict> conflict_in(const Workload& workload) {
    double weights = 0;
    for (const double weight : workload.mix) weights += weight;
    if (weights <= 0)
        return Conflict{{"calls.mix.read", "calls.mix.write", "calls.mix.memory", "calls.mix.process"},
                        {"calls.mix: all weights are 0", "give read, write, memory or process a weight"}};
    // A process whose rounds take no time would go on for ever before anything else happens.
    const Interactive& interactive = workload.interactive;
    if (std::max({workload.compute.mean_ns, workload.call.mean_ns, workload.think.mean_ns}) < 1)
        return Conflict{{"compute.mean", "calls.mean", "think.mean"},
                        {"nothing takes time: compute.mean, calls.mean and think.mean are less than 1ns", "give one of them a time"}};
    if (interactive.processes != 0 && std::max({interactive.compute.mean_ns, workload.call.mean_ns, interactive.think.mean_ns}) < 1)
        return Conflict{{"interactive.processes", "interactive.compute.mean", "calls.mean", "interactive.think.mean"},
                        {"interactive processes take no time: interactive.compute.mean, interactive.think.mean and calls.mean "
                         "are less than 1ns",
                         "give one of them a time"}};
    if (workload.slice_ns < 1000) return Conflict{{"scheduling.slice"}, {"scheduling.slice: less than 1us", "make it longer"}};
    if (workload.buffers_per_cpu % OS_CACHE_WAYS != 0)
        return Conflict{{"files.buffers_per_cpu"},
                        {"files.buffers_per_cpu: " + std::to_string(workload.buffers_per_cpu) + " is not a multiple of " +
                             std::to_string(OS_CACHE_WAYS),
                         "buffers come in sets of so many"}};
    return std::nullopt;
}

std::optional<std::string> text_of(const toml::node& node) {
    if (const auto* text = node.as_string()) return text->get();
    if (const auto* number = node.as_integer()) return std::to_string(number->get());
    if (const auto* boolean = node.as_boolean()) return boolean->get() ? "true" : "false";
    if (const auto* number = node.as_floating_point()) {
        char text[32];
        const auto end = std::to_chars(text, text + sizeof(text), number->get()).ptr;
        return std::string(text, end);
    }
    return std::nullopt;
}

// Reads a TOML file into a workload; messages begin with the file's name and the line.
class Reader {
  public:
    Reader(std::string file, Workload& workload) : file_(std::move(file)), workload_(workload) {}

    Result<void> read(const toml::table& table) {
        if (const toml::node* preset = table.get("preset")) {
            const std::optional<std::string> name = text_of(*preset);
            const Workload* start = name ? find_preset(*name) : nullptr;
            if (!start) return at(*preset, {"there is no preset of that name", "presets are " + joined(preset_names())});
            workload_ = *start;
        }
        if (const toml::node* name = table.get("name")) {
            if (!name->is_string()) return at(*name, {"name: not a text", "for example name = \"my server\""});
            workload_.name = name->as_string()->get();
        }
        TRY_VOID(read_section(table, ""));
        if (const std::optional<Conflict> conflict = conflict_in(workload_))
            return at(last_line_of(conflict->keys), conflict->error);
        return {};
    }

  private:
    Error at(uint32_t line, const Error& error) const {
        return {file_ + ":" + std::to_string(line) + ": " + error.message, error.hint};
    }
    Error at(const toml::node& node, const Error& error) const { return at(node.source().begin.line, error); }

    // Those of a conflict: there is none without the file, so it has at least one of them.
    uint32_t last_line_of(const std::vector<std::string>& keys) const {
        uint32_t line = 1;
        for (const std::string& key : keys)
            if (const auto place = lines_.find(key); place != lines_.end()) line = std::max(line, place->second);
        return line;
    }

    Result<void> read_section(const toml::table& table, const std::string& prefix) {
        for (const auto& [key, node] : table) {
            const std::string name = prefix + std::string(key.str());
            if (prefix.empty() && (name == "preset" || name == "name")) continue;
            if (const toml::table* section = node.as_table()) {
                TRY_VOID(read_section(*section, name + "."));
                continue;
            }
            const std::optional<std::string> text = text_of(node);
            if (!text) return at(node, {name + ": neither a number, a text nor true or false", ""});
            const Result<void> done = set(workload_, name, *text);
            if (!done) return at(node, done.error());
            lines_[name] = node.source().begin.line;
        }
        return {};
    }

    std::string file_;
    Workload& workload_;
    std::map<std::string, uint32_t> lines_;  // [key], of its value
};

Result<Workload> read_file(const std::string& file) {
    std::ifstream stream(file);
    std::stringstream text;
    stream.peek();  // a folder can be opened, but not read
    if (!stream.is_open() || stream.bad())
        return Error{"workload '" + file + "' is neither a preset nor a file that can be read", "presets are " + joined(preset_names())};
    if (!stream.eof()) text << stream.rdbuf();
    const toml::parse_result parsed = toml::parse(text.str(), file);
    if (!parsed) {
        const toml::parse_error& error = parsed.error();
        return Error{file + ":" + std::to_string(error.source().begin.line) + ": not TOML: " + std::string(error.description()),
                     "docs/reference/workload.md shows a workload"};
    }
    Workload workload;
    workload.name = file;
    TRY_VOID(Reader(file, workload).read(parsed.table()));
    return workload;
}

std::string trimmed(std::string_view text) {
    const size_t begin = text.find_first_not_of(" \t'\"");
    const size_t end = text.find_last_not_of(" \t'\"");
    return begin == std::string_view::npos ? "" : std::string(text.substr(begin, end - begin + 1));
}

}  // namespace

Result<Workload> load_workload(const std::string& name_or_file) {
    if (const Workload* preset = find_preset(name_or_file)) return *preset;
    return read_file(name_or_file);
}

Result<void> change_workload(Workload& workload, const std::string& assignment) {
    const size_t equals = assignment.find('=');
    if (equals == std::string::npos) return Error{"'" + assignment + "' is no KEY=VALUE", "for example calls.mean=20us"};
    TRY_VOID(set(workload, trimmed(assignment.substr(0, equals)), trimmed(assignment.substr(equals + 1))));
    if (const std::optional<Conflict> conflict = conflict_in(workload)) return conflict->error;
    return {};
}

std::vector<std::string> workload_keys() {
    std::vector<std::string> names;
    for (const Key& key : keys()) names.push_back(key.name);
    return names;
}

}  // namespace kloom::os_models
