#include "report/scaling_csv.hpp"

#include <fmt/format.h>

#include <cmath>

#include "report/scaling_figures.hpp"

namespace kloom::report {

using trace::Estimate;
using trace::LatencyFigures;
using trace::QueueFigures;
using trace::ScalingCurve;
using trace::ScalingPoint;
using trace::ScalingResult;

namespace {

std::string quoted(std::string_view text) {
    if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
    std::string field = "\"";
    for (char c : text) field += c == '"' ? std::string("\"\"") : std::string(1, c);
    return field + '"';
}

// Rows of fields; which columns there are is said by the row that `add_header` makes.
class Csv {
  public:
    explicit Csv(const ScalingResult& result) : result_(result) {}

    std::string render() {
        add_header();
        for (const ScalingCurve& curve : result_.curves)
            for (const ScalingPoint& point : curve.points) add_row(curve, point);
        return std::move(text_);
    }

  private:
    void add_header() {
        for (const char* id :
             {"workload", "first_seed", "seeds", "organisation", "title", "cpus", "processes"})
            add(id);
        for (const ScalingFigure& figure : scaling_figures()) add_names(figure.id);
        add("longest_queue");
        for (const char* id : {"waiting", "wait_us", "utilisation"})
            add_names(fmt::format("longest_queue_{}", id));
        for (const char* who : {"dispatch", "interactive"})
            for (const char* id : {"count", "p50_us", "p95_us", "p99_us", "max_us"})
                add(fmt::format("{}_{}", who, id));
        add("theory");
        add("events");
        add("saturates_at");
        end_row();
    }

    void add_row(const ScalingCurve& curve, const ScalingPoint& point) {
        add(result_.workload);
        add(std::to_string(result_.first_seed));
        add(std::to_string(result_.seeds));
        add(curve.id);
        add(curve.title);
        add(std::to_string(point.cpus));
        add(std::to_string(point.processes));
        for (const ScalingFigure& figure : scaling_figures()) add(point.*figure.estimate);
        add_queue(longest_queue(point));
        add(point.dispatch);
        add(point.interactive);
        if (point.theory.has_value())
            add_number(*point.theory);
        else
            add("");
        add(std::to_string(point.events));
        add(curve.saturates_at > 0 ? std::to_string(curve.saturates_at) : "");
        end_row();
    }

    void add_names(const std::string& id) {
        add(id);
        add(id + "_half_width");
    }

    void add(const Estimate& estimate) {
        add_number(estimate.mean);
        if (has_half_widths(result_))
            add_number(estimate.half_width);
        else
            add("");
    }

    void add_queue(const QueueFigures* queue) {
        constexpr int kFields = 7;
        if (queue == nullptr) {
            for (int field = 0; field < kFields; ++field) add("");
            return;
        }
        add(queue->name);
        add(queue->waiting);
        add(queue->wait_us);
        add(queue->utilisation);
    }

    void add(const LatencyFigures& latency) {
        add(std::to_string(latency.count));
        for (double time : {latency.p50_us, latency.p95_us, latency.p99_us, latency.max_us})
            if (latency.count > 0)
                add_number(time);
            else
                add("");
    }

    // The shortest text that gives the same number when it is read.
    void add_number(double value) {
        add(std::isfinite(value) ? fmt::format("{}", value) : std::string());
    }

    void add(std::string_view field) {
        if (!is_at_begin_) text_ += ',';
        is_at_begin_ = false;
        text_ += quoted(field);
    }

    void end_row() {
        text_ += '\n';
        is_at_begin_ = true;
    }

    const ScalingResult& result_;
    std::string text_;
    bool is_at_begin_ = true;
};

}  // namespace

std::string scaling_csv(const ScalingResult& result) {
    return Csv(result).render();
}

}  // namespace kloom::report
