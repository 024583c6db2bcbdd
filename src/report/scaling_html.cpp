#include "report/scaling_html.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <string_view>
#include <vector>

#include "report/numbers.hpp"
#include "report/page_files.hpp"
#include "report/scaling_figures.hpp"
#include "report/scaling_json.hpp"

namespace kloom::report {

using trace::Estimate;
using trace::LatencyFigures;
using trace::QueueFigures;
using trace::ScalingCurve;
using trace::ScalingPoint;
using trace::ScalingResult;

namespace {

constexpr std::string_view kNothing = "&ndash;";

std::string escaped(std::string_view text) {
    std::string html;
    for (char c : text) {
        switch (c) {
            case '&':
                html += "&amp;";
                break;
            case '<':
                html += "&lt;";
                break;
            case '>':
                html += "&gt;";
                break;
            case '"':
                html += "&quot;";
                break;
            default:
                html += c;
        }
    }
    return html;
}

// A head whose last two words stay on one line: "rounds per s".
std::string head_of(std::string text) {
    const size_t blank = text.rfind(' ');
    return blank == std::string::npos ? text : text.replace(blank, 1, "&nbsp;");
}

// "12.3us" as typographers write it.
std::string html_duration(double microseconds) {
    std::string text = human_duration(microseconds);
    const size_t unit = text.find_first_of("ums");
    if (unit == std::string::npos) return text;
    if (text[unit] == 'u') text.replace(unit, 1, "&micro;");
    return text.insert(unit, "&nbsp;");
}

// JSON that no parser of HTML takes for the end of a script or for a comment. A "<" stands in
// strings only.
std::string as_script(std::string_view json) {
    std::string script;
    for (char c : json) script += c == '<' ? std::string("\\u003c") : std::string(1, c);
    return script;
}

// The two tables of one organisation: all figures of all points, without columns that are zero
// everywhere. Two, so that each has room on paper.
class FiguresTables {
  public:
    FiguresTables(const ScalingCurve& curve, bool has_half_widths)
        : curve_(curve), has_half_widths_(has_half_widths) {}

    std::string render() {
        const std::string saturation = saturation_text(curve_);
        std::string html = fmt::format("<h3>{}</h3>\n", escaped(curve_.title));
        if (!saturation.empty())
            html += fmt::format("<p>This organisation {}.</p>\n", escaped(saturation));
        add("CPUs", [](const ScalingPoint& point) { return std::to_string(point.cpus); });
        add("processes", [](const ScalingPoint& point) { return std::to_string(point.processes); });
        for (const ScalingFigure& figure : scaling_figures()) add(figure);
        add_theory();
        html += render_table("Throughput and CPU time");
        add("CPUs", [](const ScalingPoint& point) { return std::to_string(point.cpus); });
        add_queue();
        add("dispatch", &ScalingPoint::dispatch);
        add("interactive", &ScalingPoint::interactive);
        return columns_.size() > 1 ? html + render_table("Queues and waits") : html;
    }

  private:
    struct Column {
        std::string head;
        std::vector<std::string> cells;
    };

    // Of the columns that were added since the last one.
    std::string render_table(const char* caption) {
        std::string html = fmt::format(
            "<div class=\"scrolls\" tabindex=\"0\" role=\"region\" aria-label=\"{0}, {1}\">\n"
            "<table>\n<caption>{1}</caption>\n<thead><tr>",
            escaped(curve_.title), caption);
        for (const Column& column : columns_)
            html += fmt::format("<th scope=\"col\">{}</th>", head_of(column.head));
        html += "</tr></thead>\n<tbody>\n";
        for (size_t row = 0; row < curve_.points.size(); ++row) html += render_row(row);
        columns_.clear();
        return html + "</tbody>\n</table>\n</div>\n";
    }

    std::string render_row(size_t row) const {
        std::string html = "<tr>";
        for (const Column& column : columns_)
            html += &column == columns_.data()
                        ? fmt::format("<th scope=\"row\">{}</th>", column.cells[row])
                        : fmt::format("<td>{}</td>", column.cells[row]);
        return html + "</tr>\n";
    }

    bool any(const std::function<bool(const ScalingPoint&)>& condition) const {
        return std::any_of(curve_.points.begin(), curve_.points.end(), condition);
    }

    void add(const std::string& head,
             const std::function<std::string(const ScalingPoint&)>& text_of) {
        Column column{.head = head};
        for (const ScalingPoint& point : curve_.points) column.cells.push_back(text_of(point));
        columns_.push_back(std::move(column));
    }

    std::string text_of(const Estimate& estimate, std::string (*format)(double)) const {
        if (!has_half_widths_ || estimate.half_width == 0) return format(estimate.mean);
        return fmt::format("{} <small>&plusmn;&nbsp;{}</small>", format(estimate.mean),
                           format(estimate.half_width));
    }

    void add(const ScalingFigure& figure) {
        if (!any([&](const ScalingPoint& point) { return (point.*figure.estimate).mean != 0; }))
            return;
        add(figure.title, [&](const ScalingPoint& point) {
            return text_of(point.*figure.estimate,
                           figure.unit == FigureUnit::Share ? percent : human_number);
        });
    }

    void add_theory() {
        if (!any([](const ScalingPoint& point) { return point.theory.has_value(); })) return;
        add("theory: rounds per s", [](const ScalingPoint& point) {
            return point.theory.has_value() ? human_number(*point.theory) : std::string(kNothing);
        });
    }

    void add_queue() {
        if (!any([](const ScalingPoint& point) { return longest_queue(point) != nullptr; })) return;
        const auto of_queue = [](auto text_of_queue) {
            return [text_of_queue](const ScalingPoint& point) {
                const QueueFigures* queue = longest_queue(point);
                return queue == nullptr ? std::string(kNothing) : text_of_queue(*queue);
            };
        };
        add("longest queue",
            of_queue([](const QueueFigures& queue) { return escaped(queue.name); }));
        add("waiting there", of_queue([this](const QueueFigures& queue) {
                return text_of(queue.waiting, human_number);
            }));
        add("wait there", of_queue([this](const QueueFigures& queue) {
                return text_of(queue.wait_us, html_duration);
            }));
        add("use of it %", of_queue([this](const QueueFigures& queue) {
                return text_of(queue.utilisation, percent);
            }));
    }

    void add(const std::string& who, LatencyFigures ScalingPoint::*latency) {
        struct Percentile {
            const char* name;
            double LatencyFigures::*time;
        };
        static constexpr Percentile kPercentiles[] = {{"p50", &LatencyFigures::p50_us},
                                                      {"p95", &LatencyFigures::p95_us},
                                                      {"p99", &LatencyFigures::p99_us},
                                                      {"max", &LatencyFigures::max_us}};
        if (!any([&](const ScalingPoint& point) { return (point.*latency).count > 0; })) return;
        for (const Percentile& percentile : kPercentiles)
            add(fmt::format("{} {}", who, percentile.name), [&](const ScalingPoint& point) {
                return html_duration(point.*latency.*percentile.time);
            });
    }

    const ScalingCurve& curve_;
    bool has_half_widths_;
    std::vector<Column> columns_;
};

std::string settings_list(const ScalingResult& result) {
    std::string html;
    for (const std::string& setting : result.settings)
        html += fmt::format("<li>{}</li>\n", escaped(setting));
    if (has_half_widths(result))
        html +=
            "<li>&plusmn; and the bars at the points: half of the 95 % confidence interval</li>\n";
    return html;
}

std::string tables(const ScalingResult& result) {
    std::string html;
    for (const ScalingCurve& curve : result.curves)
        html += FiguresTables(curve, has_half_widths(result)).render();
    return html;
}

// `skeleton` with each @name@ replaced. What was put in is not looked at again.
std::string filled(std::string_view skeleton,
                   const std::map<std::string_view, std::string>& parts) {
    std::string page;
    while (!skeleton.empty()) {
        const size_t begin = std::min(skeleton.find('@'), skeleton.size());
        page += skeleton.substr(0, begin);
        skeleton.remove_prefix(begin);
        const size_t end = skeleton.empty() ? std::string_view::npos : skeleton.find('@', 1);
        if (end == std::string_view::npos) break;
        const auto part = parts.find(skeleton.substr(1, end - 1));
        if (part == parts.end()) {
            page += skeleton.substr(0, end);
            skeleton.remove_prefix(end);
        } else {
            page += part->second;
            skeleton.remove_prefix(end + 1);
        }
    }
    return page + std::string(skeleton);
}

}  // namespace

std::string scaling_html(const ScalingResult& result) {
    return filled(page_html(), {{"workload", escaped(result.workload)},
                                {"summary", escaped(workload_text(result))},
                                {"settings", settings_list(result)},
                                {"tables", tables(result)},
                                {"style", std::string(page_css())},
                                {"data", as_script(scaling_json(result))},
                                {"chart_js", std::string(chart_js())},
                                {"figures_js", std::string(figures_js())},
                                {"page_js", std::string(page_js())}});
}

}  // namespace kloom::report
