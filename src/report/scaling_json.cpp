#include "report/scaling_json.hpp"

#include <nlohmann/json.hpp>

#include "report/scaling_figures.hpp"

namespace kloom::report {

using Json = nlohmann::ordered_json;
using trace::Estimate;
using trace::LatencyFigures;
using trace::QueueFigures;
using trace::ScalingCurve;
using trace::ScalingPoint;
using trace::ScalingResult;

namespace {

constexpr int kFormatVersion = 1;
constexpr int kIndent = 2;

class Document {
  public:
    explicit Document(const ScalingResult& result) : result_(result) {}

    Json make() const {
        Json curves = Json::array();
        for (const ScalingCurve& curve : result_.curves) curves.push_back(to_json(curve));
        return {{"kloom", kFormatVersion},
                {"workload", result_.workload},
                {"settings", result_.settings},
                {"first_seed", result_.first_seed},
                {"seeds", result_.seeds},
                {"time_us_per_round", result_.time_us_per_round},
                {"system_share", result_.system_share},
                {"curves", std::move(curves)}};
    }

  private:
    Json to_json(const ScalingCurve& curve) const {
        Json points = Json::array();
        for (const ScalingPoint& point : curve.points) points.push_back(to_json(point));
        return {{"id", curve.id},
                {"title", curve.title},
                {"saturates_at", curve.saturates_at},
                {"points", std::move(points)}};
    }

    Json to_json(const ScalingPoint& point) const {
        Json json = {{"cpus", point.cpus}, {"processes", point.processes}};
        for (const ScalingFigure& figure : scaling_figures())
            json[figure.id] = to_json(point.*figure.estimate);
        Json queues = Json::array();
        for (const QueueFigures& queue : point.queues) queues.push_back(to_json(queue));
        json["queues"] = std::move(queues);
        json["dispatch"] = to_json(point.dispatch);
        json["interactive"] = to_json(point.interactive);
        Json histogram = Json::array();
        for (const trace::LatencyColumn& column : point.interactive_histogram)
            histogram.push_back({{"up_to_us", column.up_to_us}, {"count", column.count}});
        json["interactive_histogram"] = std::move(histogram);
        json["theory"] = point.theory.has_value() ? Json(*point.theory) : Json(nullptr);
        json["events"] = point.events;
        return json;
    }

    Json to_json(const Estimate& estimate) const {
        return {
            {"mean", estimate.mean},
            {"half_width", has_half_widths(result_) ? Json(estimate.half_width) : Json(nullptr)}};
    }

    Json to_json(const QueueFigures& queue) const {
        return {{"name", queue.name},
                {"waiting", to_json(queue.waiting)},
                {"wait_us", to_json(queue.wait_us)},
                {"utilisation", to_json(queue.utilisation)}};
    }

    static Json to_json(const LatencyFigures& latency) {
        return {{"count", latency.count},
                {"p50_us", latency.p50_us},
                {"p95_us", latency.p95_us},
                {"p99_us", latency.p99_us},
                {"max_us", latency.max_us}};
    }

    const ScalingResult& result_;
};

}  // namespace

std::string scaling_json(const ScalingResult& result) {
    return Document(result).make().dump(kIndent, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace kloom::report
