#include "report/scaling_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "report/numbers.hpp"
#include "report/paint.hpp"
#include "report/scaling_figures.hpp"
#include "report/text_table.hpp"

namespace kloom::report {

using trace::Estimate;
using trace::QueueFigures;
using trace::ScalingCurve;
using trace::ScalingPoint;
using trace::ScalingResult;

namespace {

constexpr size_t kWidthMax = 120;
constexpr size_t kQueueNameWidthMax = 16;
constexpr size_t kNameWidthMax = 30;
constexpr std::string_view kNothing = "-";

std::string two_decimals(double value) {
    return fmt::format("{:.2f}", value);
}

struct MeanOf {
    Estimate ScalingPoint::*estimate;

    double operator()(const ScalingPoint& point) const { return (point.*estimate).mean; }
};

// The columns of one organisation's table.
class CurveColumns {
  public:
    CurveColumns(const ScalingCurve& curve, bool has_half_widths)
        : curve_(curve), has_half_widths_(has_half_widths) {}

    std::vector<TextColumn> make() {
        always("", "CPUs", [](const ScalingPoint& point) { return std::to_string(point.cpus); });
        add_gain();
        add_cpu_shares();
        add_queue();
        add_latency();
        unless_zero("paging", "per s", human_number, MeanOf{&ScalingPoint::paging});
        unless_zero("beside", "free", human_number, MeanOf{&ScalingPoint::paging_beside_free});
        unless_zero("stale", "reads %", percent, MeanOf{&ScalingPoint::stale_reads});
        return std::move(columns_);
    }

  private:
    template <typename TextOf>
    void always(const char* head_above, const char* head, TextOf text_of) {
        TextColumn column{.head_above = head_above, .head = head};
        for (const ScalingPoint& point : curve_.points) column.cells.push_back(text_of(point));
        columns_.push_back(std::move(column));
    }

    template <typename ValueOf>
    void unless_zero(const char* head_above, const char* head, std::string (*format)(double),
                     ValueOf value_of) {
        const bool is_zero =
            std::all_of(curve_.points.begin(), curve_.points.end(),
                        [&value_of](const ScalingPoint& point) { return !(value_of(point) != 0); });
        if (is_zero) return;
        always(head_above, head,
               [=](const ScalingPoint& point) { return format(value_of(point)); });
    }

    void add_gain() {
        always("rounds", "per s",
               [](const ScalingPoint& point) { return human_number(point.throughput.mean); });
        if (has_half_widths_)
            unless_zero("", "+-", human_number,
                        [](const ScalingPoint& point) { return point.throughput.half_width; });
        always("", "speed-up",
               [](const ScalingPoint& point) { return two_decimals(point.speed_up.mean); });
        always("effi-", "ciency %",
               [](const ScalingPoint& point) { return percent(point.efficiency.mean); });
    }

    void add_cpu_shares() {
        unless_zero("user", "%", percent, MeanOf{&ScalingPoint::user});
        unless_zero("system", "%", percent, MeanOf{&ScalingPoint::system});
        unless_zero("lock", "wait %", percent, MeanOf{&ScalingPoint::lock_wait});
        unless_zero("idle", "%", percent, MeanOf{&ScalingPoint::idle});
        unless_zero("beside", "loaded %", percent, MeanOf{&ScalingPoint::idle_beside_loaded});
    }

    void add_queue() {
        const bool has_queue =
            std::any_of(curve_.points.begin(), curve_.points.end(),
                        [](const ScalingPoint& point) { return longest_queue(point) != nullptr; });
        if (!has_queue) return;
        always("longest", "queue", [](const ScalingPoint& point) {
            const QueueFigures* queue = longest_queue(point);
            return queue == nullptr ? std::string(kNothing)
                                    : cut_to(printable(queue->name), kQueueNameWidthMax);
        });
        columns_.back().is_left_aligned = true;
        always("mean", "waiting", [](const ScalingPoint& point) {
            const QueueFigures* queue = longest_queue(point);
            return human_number(queue == nullptr ? 0 : queue->waiting.mean);
        });
    }

    void add_latency() {
        unless_zero("dispatch", "p50", human_duration,
                    [](const ScalingPoint& point) { return point.dispatch.p50_us; });
        unless_zero("dispatch", "p99", human_duration,
                    [](const ScalingPoint& point) { return point.dispatch.p99_us; });
        unless_zero("interactive", "p50", human_duration,
                    [](const ScalingPoint& point) { return point.interactive.p50_us; });
        unless_zero("interactive", "p99", human_duration,
                    [](const ScalingPoint& point) { return point.interactive.p99_us; });
    }

    const ScalingCurve& curve_;
    bool has_half_widths_;
    std::vector<TextColumn> columns_;
};

// The columns in which the organisations stand side by side.
class ComparisonColumns {
  public:
    explicit ComparisonColumns(const ScalingResult& result) : result_(result) {}

    std::vector<TextColumn> make() {
        for (const ScalingCurve& curve : result_.curves)
            for (const ScalingPoint& point : curve.points) cpus_.insert(point.cpus);
        TextColumn column{.head = "CPUs"};
        for (int cpus : cpus_) column.cells.push_back(std::to_string(cpus));
        columns_.push_back(std::move(column));
        for (const ScalingCurve& curve : result_.curves) add(curve);
        return std::move(columns_);
    }

  private:
    void add(const ScalingCurve& curve) {
        add(curve, "speed-up",
            [](const ScalingPoint& point) { return two_decimals(point.speed_up.mean); });
        const bool has_theory =
            std::any_of(curve.points.begin(), curve.points.end(),
                        [](const ScalingPoint& point) { return point.theory.has_value(); });
        if (has_theory) add(curve, "theory %", deviation_from_theory);
    }

    template <typename TextOf>
    void add(const ScalingCurve& curve, const char* head, TextOf text_of) {
        TextColumn column{.head_above = cut_to(printable(curve.id), kNameWidthMax), .head = head};
        for (int cpus : cpus_) {
            const auto point =
                std::find_if(curve.points.begin(), curve.points.end(),
                             [cpus](const ScalingPoint& each) { return each.cpus == cpus; });
            column.cells.push_back(point == curve.points.end() ? std::string(kNothing)
                                                               : text_of(*point));
        }
        columns_.push_back(std::move(column));
    }

    static std::string deviation_from_theory(const ScalingPoint& point) {
        if (!point.theory.has_value() || *point.theory == 0) return std::string(kNothing);
        return signed_percent(point.throughput.mean / *point.theory - 1);
    }

    const ScalingResult& result_;
    std::set<int> cpus_;  // of all curves
    std::vector<TextColumn> columns_;
};

class ScalingTable {
  public:
    ScalingTable(const ScalingResult& result, bool is_coloured)
        : result_(result), paint_(is_coloured) {}

    std::string render() {
        render_head();
        for (const ScalingCurve& curve : result_.curves) render_curve(curve);
        if (result_.curves.size() > 1 || has_theory()) render_comparison();
        return std::move(text_);
    }

  private:
    void line(std::string_view text = "") {
        text_ += text;
        text_ += '\n';
    }

    void render_head() {
        render_wrapped(printable(workload_text(result_)), "", Colour::Bold);
        for (const std::string& setting : result_.settings)
            render_wrapped(printable(setting), "  ", Colour::None);
        if (has_half_widths(result_))
            line(paint_(Colour::Dim, "  +- is half of the 95 % confidence interval"));
    }

    void render_wrapped(std::string text, const std::string& indent, Colour colour) {
        const size_t room = kWidthMax - indent.size();
        while (width_of(text) > room) {
            const size_t blank = text.rfind(' ', room);
            if (blank == std::string::npos || blank == 0) break;
            line(indent + paint_(colour, text.substr(0, blank)));
            text.erase(0, blank + 1);
        }
        line(indent + paint_(colour, cut_to(text, room)));
    }

    void render_curve(const ScalingCurve& curve) {
        line();
        line(paint_(Colour::Bold,
                    cut_to(printable(curve.title + " (" + curve.id + ")"), kWidthMax)));
        text_ += lay_out(CurveColumns(curve, has_half_widths(result_)).make(), kWidthMax, paint_);
        const std::string saturation = saturation_text(curve);
        if (saturation.empty()) return;
        line(paint_(curve.saturates_at > 0 ? Colour::Yellow : Colour::Green, saturation));
    }

    bool has_theory() const {
        return std::any_of(
            result_.curves.begin(), result_.curves.end(), [](const ScalingCurve& curve) {
                return std::any_of(
                    curve.points.begin(), curve.points.end(),
                    [](const ScalingPoint& point) { return point.theory.has_value(); });
            });
    }

    void render_comparison() {
        line();
        line(paint_(Colour::Bold,
                    has_theory() ? "Comparison: speed-up, and how far the throughput is from what "
                                   "queueing theory gives, in %"
                                 : "Comparison: speed-up"));
        text_ += lay_out(ComparisonColumns(result_).make(), kWidthMax, paint_);
    }

    const ScalingResult& result_;
    Paint paint_;
    std::string text_;
};

}  // namespace

std::string scaling_table(const ScalingResult& result, bool is_coloured) {
    return ScalingTable(result, is_coloured).render();
}

}  // namespace kloom::report
