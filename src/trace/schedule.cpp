#include "trace/schedule.hpp"

#include <charconv>

namespace kloom::trace {
namespace {

constexpr std::string_view kMagic = "kloom-trace 1";

base::Error malformed(size_t line, const std::string& what) {
    return {.message = "line " + std::to_string(line) + " of the trace: " + what, .hint = "make the trace again with kloom check"};
}

template <class Integer>
bool parse_number(std::string_view text, Integer& value) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size();
}

// Removes and returns the first word of `text`.
std::string_view next_word(std::string_view& text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    const size_t end = text.find(' ');
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end);
    return word;
}

bool parse_prefixed(std::string_view word, std::string_view prefix, uint32_t& value) {
    if (!word.starts_with(prefix)) return false;
    return parse_number(word.substr(prefix.size()), value);
}

}  // namespace

std::string to_string(const Choice& choice) {
    const std::string cpu = "cpu" + std::to_string(choice.cpu.value);
    const std::string argument = std::to_string(choice.argument);
    switch (choice.kind) {
        case ChoiceKind::Step: return "step " + cpu;
        case ChoiceKind::Interrupt: return "interrupt " + cpu + " " + argument;
        case ChoiceKind::Timer: return "timer " + cpu + (choice.argument != 0 ? " path" + argument : "");
        case ChoiceKind::Preempt: return "preempt " + cpu + " path" + argument;
        case ChoiceKind::Migrate: return "migrate " + cpu + " cpu" + argument;
        case ChoiceKind::Advance: return "advance";
    }
    return "";
}

base::Result<Choice> parse_choice(std::string_view text) {
    const std::string_view all = text;
    const std::string_view kind = next_word(text);
    const std::string_view first = next_word(text);
    const std::string_view second = next_word(text);
    uint32_t cpu = 0;
    Choice choice;
    bool ok = next_word(text).empty();
    if (kind != "advance") ok = ok && parse_prefixed(first, "cpu", cpu) && cpu < static_cast<uint32_t>(kCpusMax);
    choice.cpu = CpuId(static_cast<uint16_t>(cpu));
    if (kind == "step") {
        choice.kind = ChoiceKind::Step;
        ok = ok && second.empty();
    } else if (kind == "interrupt") {
        choice.kind = ChoiceKind::Interrupt;
        ok = ok && parse_number(second, choice.argument);
    } else if (kind == "timer") {
        choice.kind = ChoiceKind::Timer;
        ok = ok && (second.empty() || parse_prefixed(second, "path", choice.argument));
    } else if (kind == "preempt") {
        choice.kind = ChoiceKind::Preempt;
        ok = ok && parse_prefixed(second, "path", choice.argument);
    } else if (kind == "migrate") {
        choice.kind = ChoiceKind::Migrate;
        ok = ok && parse_prefixed(second, "cpu", choice.argument);
    } else if (kind == "advance") {
        choice.kind = ChoiceKind::Advance;
        ok = ok && first.empty();
    } else {
        ok = false;
    }
    if (!ok) return base::Error{.message = "'" + std::string(all) + "' is no choice", .hint = ""};
    return choice;
}

std::string format_trace(const TraceFile& trace) {
    std::string text(kMagic);
    text += "\nprogram " + trace.program_hash + "\n";
    for (const std::string& argument : trace.arguments) text += "argument " + argument + "\n";
    text += "finding " + trace.finding_id + "\n";
    for (const Deviation& deviation : trace.schedule)
        text += "choice " + std::to_string(deviation.position) + " " + to_string(deviation.choice) + "\n";
    return text + "end\n";
}

base::Result<TraceFile> parse_trace(std::string_view text) {
    TraceFile trace;
    bool has_end = false;
    for (size_t line = 1; !text.empty() && !has_end; ++line) {
        const size_t end = text.find('\n');
        std::string_view rest = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (line == 1) {
            if (rest != kMagic) return base::Error{.message = "this is no kloom trace (its first line is not '" + std::string(kMagic) + "')", .hint = "kloom check writes traces"};
            continue;
        }
        const std::string_view key = next_word(rest);
        if (!rest.empty()) rest.remove_prefix(1);
        if (key == "program") {
            trace.program_hash = rest;
        } else if (key == "argument") {
            trace.arguments.emplace_back(rest);
        } else if (key == "finding") {
            trace.finding_id = rest;
        } else if (key == "choice") {
            Deviation deviation;
            if (!parse_number(next_word(rest), deviation.position)) return malformed(line, "a position was expected after 'choice'");
            auto choice = parse_choice(rest);
            if (!choice) return malformed(line, choice.error().message);
            if (!trace.schedule.empty() && trace.schedule.back().position >= deviation.position)
                return malformed(line, "positions must increase");
            deviation.choice = *choice;
            trace.schedule.push_back(deviation);
        } else if (key == "end") {
            has_end = true;
        } else {
            return malformed(line, "'" + std::string(key) + "' is not known");
        }
    }
    if (!has_end) return base::Error{.message = "the trace is cut off (its last line is not 'end')", .hint = "make the trace again with kloom check"};
    if (trace.program_hash.empty()) return base::Error{.message = "the trace names no program", .hint = "make the trace again with kloom check"};
    return trace;
}

}  // namespace kloom::trace
