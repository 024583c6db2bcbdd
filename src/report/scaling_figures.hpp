// The figures of a point that are single numbers, in the order in which every renderer shows them.
// A new one is entered here and appears in CSV, JSON and the page's table; the terminal's table
// makes its own, smaller choice.
#pragma once

#include <span>
#include <string>

#include "trace/scaling.hpp"

namespace kloom::report {

enum class FigureUnit { Number, Share };

struct ScalingFigure {
    const char* id;  // in CSV and JSON
    const char* title;
    FigureUnit unit;
    trace::Estimate trace::ScalingPoint::*estimate;
};

std::span<const ScalingFigure> scaling_figures();

// The queue in which most wait; nullptr when nobody waits anywhere.
const trace::QueueFigures* longest_queue(const trace::ScalingPoint& point);

// Nothing is known about the spread of a single run.
inline bool has_half_widths(const trace::ScalingResult& result) {
    return result.seeds > 1;
}

// "saturates at 16 CPUs: twice as many give less than 10 % more"; empty for a curve of one point,
// of which nothing can be said.
std::string saturation_text(const trace::ScalingCurve& curve);

// "Workload mixed: 100us of computing and system calls per round, 10.0 % of it in system calls",
// with seeds.
std::string workload_text(const trace::ScalingResult& result);

}  // namespace kloom::report
