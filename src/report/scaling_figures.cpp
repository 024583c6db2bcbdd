#include "report/scaling_figures.hpp"

#include <fmt/format.h>

#include "report/numbers.hpp"

namespace kloom::report {

using trace::QueueFigures;
using trace::ScalingPoint;

namespace {

constexpr ScalingFigure kFigures[] = {
    {"throughput", "rounds per s", FigureUnit::Number, &ScalingPoint::throughput},
    {"speed_up", "speed-up", FigureUnit::Number, &ScalingPoint::speed_up},
    {"efficiency", "efficiency %", FigureUnit::Share, &ScalingPoint::efficiency},
    {"user", "user %", FigureUnit::Share, &ScalingPoint::user},
    {"system", "system %", FigureUnit::Share, &ScalingPoint::system},
    {"lock_wait", "lock wait %", FigureUnit::Share, &ScalingPoint::lock_wait},
    {"idle", "idle %", FigureUnit::Share, &ScalingPoint::idle},
    {"idle_beside_loaded", "idle beside loaded %", FigureUnit::Share,
     &ScalingPoint::idle_beside_loaded},
    {"paging", "page-outs per s", FigureUnit::Number, &ScalingPoint::paging},
    {"paging_beside_free", "page-outs beside free pages per s", FigureUnit::Number,
     &ScalingPoint::paging_beside_free},
    {"stale_reads", "stale reads %", FigureUnit::Share, &ScalingPoint::stale_reads},
};

}  // namespace

std::span<const ScalingFigure> scaling_figures() {
    return kFigures;
}

// Processes that wait for a CPU say only that there are more processes than CPUs, so they come last.
const QueueFigures* longest_queue(const ScalingPoint& point) {
    const QueueFigures* longest = nullptr;
    const QueueFigures* ready = nullptr;
    for (const QueueFigures& queue : point.queues) {
        if (queue.waiting.mean <= 0) continue;
        if (queue.name == trace::kReadyQueue) {
            ready = &queue;
        } else if (longest == nullptr || queue.waiting.mean > longest->waiting.mean) {
            longest = &queue;
        }
    }
    return longest != nullptr ? longest : ready;
}

std::string saturation_text(const trace::ScalingCurve& curve) {
    if (curve.saturates_at > 0)
        return fmt::format("saturates at {} CPU{}: twice as many give less than 10 % more",
                           curve.saturates_at, curve.saturates_at == 1 ? "" : "s");
    if (curve.points.size() < 2) return "";
    return fmt::format("does not saturate within {} CPUs", curve.points.back().cpus);
}

std::string workload_text(const trace::ScalingResult& result) {
    const std::string seeds =
        result.seeds == 1
            ? fmt::format("one run with seed {}", result.first_seed)
            : fmt::format("{} runs with seeds from {}", result.seeds, result.first_seed);
    return fmt::format("Workload {}: {} per round, {} % of it in system calls; {}", result.workload,
                       human_duration(result.time_us_per_round), percent(result.system_share),
                       seeds);
}

}  // namespace kloom::report
