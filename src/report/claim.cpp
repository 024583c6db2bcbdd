#include "report/claim.hpp"

#include <fmt/format.h>

namespace kloom::report {

using trace::Claim;
using trace::ClaimKind;

namespace {

std::string effort(const Claim& claim) {
    return fmt::format("{} in {}", counted(claim.executions, "execution"),
                       duration_text(claim.seconds));
}

// What the bound counts: "with at most 2 preemptions, interrupts or migrations".
std::string bound_text(int bound) {
    if (bound <= 0) return "without forced preemptions, interrupts or migrations";
    const char* plural = bound == 1 ? "" : "s";
    return fmt::format("with at most {0} preemption{1}, interrupt{1} or migration{1}", bound,
                       plural);
}

std::string chance_text(double chance) {
    constexpr double kTiny = 0.001;
    return chance < kTiny ? "below 0.1 %" : fmt::format("{:.2g} %", 100 * chance);
}

// What random executions say of what they did not meet; chances that say nothing are left out.
std::string miss_text(const Claim& claim) {
    constexpr double kNothing = 0.995;
    std::string text;
    for (size_t depth = 1; depth <= claim.miss_chances.size(); ++depth) {
        const double chance = claim.miss_chances[depth - 1];
        if (chance >= kNothing) continue;
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", counted(depth, "step"),
                            chance_text(chance));
    }
    if (text.empty()) return text;
    return fmt::format("; chance to have missed what needs so many steps in a certain order: {} "
                       "({} and {} at most)",
                       text, counted(claim.sampled_paths, "path"),
                       counted(claim.sampled_points, "step"));
}

}  // namespace

std::string duration_text(double seconds) {
    if (seconds < 0.001) return fmt::format("{:.1f} ms", seconds * 1000);
    if (seconds < 1) return fmt::format("{:.0f} ms", seconds * 1000);
    return fmt::format("{:.1f} s", seconds);
}

std::string count_text(uint64_t count) {
    std::string text = std::to_string(count);
    for (size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, 1, ',');
    return text;
}

std::string counted(uint64_t count, std::string_view noun) {
    return fmt::format("{} {}{}", count_text(count), noun, count == 1 ? "" : "s");
}

std::string_view claim_kind_name(ClaimKind kind) {
    switch (kind) {
        case ClaimKind::Exhaustive:
            return "exhaustive";
        case ClaimKind::Bounded:
            return "bounded";
        case ClaimKind::Sampled:
            return "sampled";
        case ClaimKind::Partial:
            return "partial";
        case ClaimKind::Single:
            return "single";
    }
    return "";
}

std::string claim_text(const Claim& claim) {
    std::string text;
    switch (claim.kind) {
        case ClaimKind::Exhaustive:
            text = fmt::format("all interleavings explored ({}, no bound)", effort(claim));
            break;
        case ClaimKind::Bounded:
            text = fmt::format("all interleavings {} ({})", bound_text(claim.bound), effort(claim));
            break;
        case ClaimKind::Sampled:
            text =
                fmt::format("{} random interleavings were run (seed {}, {}); the others were not",
                            count_text(claim.executions), claim.seed, duration_text(claim.seconds)) +
                miss_text(claim);
            break;
        case ClaimKind::Partial:
            text = fmt::format("no part is complete: the search stopped after {}", effort(claim));
            break;
        case ClaimKind::Single:
            return "one interleaving was run, nothing else was explored";
    }
    if (claim.cut != 0)
        text += fmt::format("; {} cut off at the step limit", counted(claim.cut, "execution"));
    if (!claim.reached_goal && claim.kind == ClaimKind::Bounded)
        text += "; the budget ended before the next bound was complete";
    if (!claim.reached_goal && claim.kind != ClaimKind::Sampled && claim.sampled != 0)
        text += fmt::format("; of these {} random ones", count_text(claim.sampled)) + miss_text(claim);
    return text;
}

std::string claim_text_beside_finding(const Claim& claim) {
    switch (claim.kind) {
        case ClaimKind::Single:
            return "the stored interleaving was run again and shows it";
        case ClaimKind::Exhaustive:
            return fmt::format("this interleaving was executed; all were explored ({})",
                               effort(claim));
        case ClaimKind::Bounded:
            return fmt::format("this interleaving was executed; bound {} is complete ({})",
                               claim.bound, effort(claim));
        default:
            return fmt::format("this interleaving was executed; the search ended with it ({})",
                               effort(claim));
    }
}

}  // namespace kloom::report
