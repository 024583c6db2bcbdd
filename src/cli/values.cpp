#include "cli/values.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <optional>
#include <string_view>

namespace kloom::cli {

using base::Error;
using base::Result;

namespace {

constexpr double kSecondsMax = 1e9;  // also what stands for "no limit of time"

std::optional<uint64_t> parse_number(std::string_view text) {
    uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

// The part of `text` behind the last `mark`, which is taken off it; empty when there is none.
std::string split_off(std::string& text, char mark) {
    const size_t at = text.rfind(mark);
    if (at == std::string::npos) return "";
    std::string part = text.substr(at + 1);
    text.erase(at);
    return part;
}

std::optional<double> parse_seconds(const std::string& text) {
    char* end = nullptr;
    const double number = std::strtod(text.c_str(), &end);
    const std::string_view unit = end;
    if (end == text.c_str() || !std::isfinite(number) || number < 0) return std::nullopt;
    double factor = 0;
    if (unit.empty() || unit == "s") factor = 1;
    if (unit == "ms") factor = 1e-3;
    if (unit == "us") factor = 1e-6;
    if (unit == "m" || unit == "min") factor = 60;
    if (unit == "h") factor = 3600;
    if (factor == 0 || number * factor > kSecondsMax) return std::nullopt;
    return number * factor;
}

}  // namespace

Result<trace::VirtualTime> parse_duration(const std::string& text) {
    const auto seconds = parse_seconds(text);
    if (!seconds.has_value()) return Error{"'" + text + "' is no time", "write 5s, 200ms or 3m"};
    return static_cast<trace::VirtualTime>(std::llround(*seconds * trace::kNanosecondsPerSecond));
}

Result<session::IrqRequest> parse_irq(const std::string& text) {
    const Error error{"'" + text + "' is no interrupt line",
                      "write LINE[@CPU][*TIMES], as 19, 19@1 or 19*3"};
    std::string rest = text;
    const bool has_times = rest.find('*') != std::string::npos;
    const std::string times = split_off(rest, '*');
    const bool has_cpu = rest.find('@') != std::string::npos;
    const std::string cpu = split_off(rest, '@');
    session::IrqRequest request;
    const auto line = parse_number(rest);
    if (!line.has_value() || *line >= machine::kIrqLines) return error;
    request.line = static_cast<uint32_t>(*line);
    if (has_times) {
        const auto count = parse_number(times);
        if (!count.has_value() || *count == 0 || *count > UINT32_MAX) return error;
        request.times = static_cast<uint32_t>(*count);
    }
    if (has_cpu) {
        const auto number = parse_number(cpu);
        if (!number.has_value() || *number >= trace::kCpusMax) return error;
        request.cpu = static_cast<uint16_t>(*number);
    }
    return request;
}

Result<std::pair<std::string, std::string>> parse_assignment(const std::string& text) {
    const size_t equals = text.find('=');
    if (equals == 0) return Error{"'" + text + "' names no parameter", "write NAME=VALUE"};
    // As insmod: a bare name switches a boolean parameter on.
    if (equals == std::string::npos) return std::pair{text, std::string("1")};
    return std::pair{text.substr(0, equals), text.substr(equals + 1)};
}

Result<void> parse_budget(const std::string& text, session::SearchOptions& options) {
    if (const auto executions = parse_number(text)) {
        options.budget_executions = *executions;
        options.budget_seconds = kSecondsMax;
        return {};
    }
    const auto seconds = parse_seconds(text);
    if (!seconds.has_value())
        return Error{"'" + text + "' is no budget",
                     "write a time as 10s, or a number of executions as 5000"};
    options.budget_seconds = *seconds;
    return {};
}

Result<void> switch_off_cause(const std::string& name, machine::Causes& causes) {
    if (name == "interrupt" || name == "irq") {
        causes.interrupt = false;
    } else if (name == "softirq") {
        causes.softirq = false;
    } else if (name == "preemption") {
        causes.preemption = false;
    } else if (name == "sleep") {
        causes.sleep = false;
    } else if (name == "smp") {
        causes.smp = false;
    } else {
        return Error{"'" + name + "' is no cause of concurrency",
                     "the causes are interrupt, softirq, preemption, sleep and smp"};
    }
    return {};
}

Result<void> apply_boot_parameter(const std::string& text, machine::MachineConfig& config) {
    const size_t equals = text.find('=');
    const std::string name = text.substr(0, equals);
    const std::string number = equals == std::string::npos ? "" : text.substr(equals + 1);
    const uint64_t count = parse_number(number).value_or(0);
    const bool is_known = name == "nr_cpus" || name == "maxcpus" || name == "possible_cpus";
    if (!is_known)
        return Error{"the boot parameter '" + name + "' is not supported",
                     "supported are nr_cpus=N, maxcpus=N and possible_cpus=N"};
    if (count == 0 || count > trace::kCpusMax)
        return Error{"'" + text + "' names no number of CPUs",
                     "write " + name + "=N with N from 1 to " + std::to_string(trace::kCpusMax)};
    const int cpus = static_cast<int>(count);
    if (name == "nr_cpus") config.possible_cpus = std::min(config.possible_cpus, cpus);
    if (name == "possible_cpus") config.possible_cpus = cpus;
    if (name == "maxcpus") config.cpus = std::min(config.cpus, cpus);
    config.cpus = std::min(config.cpus, config.possible_cpus);
    return {};
}

Result<int> parse_nr_cpus(const std::string& text) {
    constexpr std::string_view kName = "NR_CPUS=";
    const Error error{"--config " + text + ": only NR_CPUS can be configured, from 1 to " + std::to_string(kNrCpusDefault),
                      "write --config NR_CPUS=64"};
    if (!text.starts_with(kName)) return error;
    const auto count = parse_number(text.substr(kName.size()));
    if (!count.has_value() || *count == 0 || *count > kNrCpusDefault) return error;
    return static_cast<int>(*count);
}

}  // namespace kloom::cli
