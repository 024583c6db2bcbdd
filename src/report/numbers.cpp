#include "report/numbers.hpp"

#include <fmt/format.h>

#include <cmath>
#include <span>

namespace kloom::report {
namespace {

constexpr double kRoundsToThousand = 999.5;
constexpr double kSmallestShown = 0.0005;

// Of a value below 1000.
std::string three_digits(double value) {
    if (value == 0) return "0";
    if (value < kSmallestShown) return "<0.001";
    if (value < 0.9995) return fmt::format("{:.3f}", value);
    if (value < 9.995) return fmt::format("{:.2f}", value);
    if (value < 99.95) return fmt::format("{:.1f}", value);
    return fmt::format("{:.0f}", value);
}

// Each unit is a thousand of the one before.
std::string with_unit(double value, std::span<const char* const> units) {
    if (!std::isfinite(value)) return "-";
    double scaled = std::fabs(value);
    size_t unit = 0;
    for (; scaled >= kRoundsToThousand && unit + 1 < units.size(); ++unit) scaled /= 1000;
    const char* sign = value < 0 ? "-" : "";
    return fmt::format("{}{}{}", sign, three_digits(scaled), scaled == 0 ? "" : units[unit]);
}

// In tenths of a percent: what rounds to zero has no sign.
double rounded_percent(double share) {
    return std::round(share * 1000) / 10 + 0.0;
}

}  // namespace

std::string human_number(double value) {
    static constexpr const char* kUnits[] = {"", "k", "M", "G", "T"};
    return with_unit(value, kUnits);
}

std::string human_duration(double microseconds) {
    static constexpr const char* kUnits[] = {"us", "ms", "s"};
    return with_unit(microseconds, kUnits);
}

std::string percent(double share) {
    return std::isfinite(share) ? fmt::format("{:.1f}", rounded_percent(share)) : "-";
}

std::string signed_percent(double share) {
    if (!std::isfinite(share)) return "-";
    const double rounded = rounded_percent(share);
    return rounded == 0 ? "0.0" : fmt::format("{:+.1f}", rounded);
}

}  // namespace kloom::report
