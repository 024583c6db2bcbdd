#include "report/terminal.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "report/causes.hpp"
#include "report/claim.hpp"
#include "report/names.hpp"
#include "report/paint.hpp"
#include "report/story.hpp"
#include "report/timeline.hpp"

namespace kloom::report {

using trace::Severity;
using trace::ShownFinding;

namespace {

constexpr size_t kErrorsInFullMax = 3;
constexpr size_t kLabelWidth = 8;

class TerminalReport {
  public:
    TerminalReport(const Report& report, const TerminalOptions& options)
        : report_(report), options_(options), paint_(options.is_coloured) {}

    std::string render() {
        const auto& findings = report_.outcome.findings;
        std::vector<size_t> brief;
        size_t in_full = 0;
        for (size_t index = 0; index < findings.size(); ++index) {
            if (options_.shows_all ||
                (in_full < kErrorsInFullMax && deserves_all(findings[index]))) {
                render_in_full(index, in_full++ == 0);
            } else {
                brief.push_back(index);
            }
        }
        if (!text_.empty() && !brief.empty()) line();
        for (size_t index : brief) render_briefly(index);
        if (!brief.empty()) line(paint_(Colour::Dim, "  (--all shows each with its interleaving)"));
        const bool has_errors = count(Severity::Error) != 0;
        if (!has_errors) render_clean();
        render_limits(has_errors);
        return std::move(text_);
    }

    std::string render_heads() {
        for (const ShownFinding& shown : report_.outcome.findings)
            if (shown.finding.severity == Severity::Error || options_.shows_all)
                render_head_only(shown);
        return std::move(text_);
    }

  private:
    struct Range {
        uintptr_t begin;
        uintptr_t end;
    };

    // An error, unless it is another sign of one that was shown: about the same object, or an
    // assertion that failed after it.
    bool deserves_all(const ShownFinding& shown) const {
        const trace::Finding& finding = shown.finding;
        if (finding.severity != Severity::Error) return false;
        const bool is_known_object =
            std::any_of(told_.begin(), told_.end(), [&](const Range& told) {
                return finding.address != 0 && finding.address < told.end &&
                       told.begin < finding.address + std::max<uint32_t>(finding.size, 1);
            });
        if (is_known_object) return false;
        const uintptr_t pc = finding.sites.empty() ? 0 : finding.sites.front().pc;
        const trace::SourceLocation place = report_.symbols.locate(pc);
        return std::none_of(
            told_places_.begin(), told_places_.end(), [&](const trace::SourceLocation& told) {
                return told.is_known() && told.file == place.file && told.line == place.line;
            });
    }

    size_t count(Severity severity) const {
        const auto& findings = report_.outcome.findings;
        return static_cast<size_t>(std::count_if(
            findings.begin(), findings.end(),
            [&](const ShownFinding& shown) { return shown.finding.severity == severity; }));
    }

    void line(std::string_view text = "") {
        text_ += text;
        text_ += '\n';
    }

    void labelled(std::string_view label, std::string_view words) {
        line("  " + paint_(Colour::Dim, padded(fmt::format("{}:", label), kLabelWidth)) +
             std::string(words));
    }

    // "a.c:14: error: lost update of V            [lost-update]"
    void render_head(const ShownFinding& shown, const Story& story) {
        const bool is_error = shown.finding.severity == Severity::Error;
        const std::string place = story.place.is_known()
                                      ? fmt::format("{}:{}", story.place.file, story.place.line)
                                      : report_.outcome.program;
        const std::string_view level = is_error ? "error:" : "warning:";
        const std::string message = printable(story.message);
        const std::string id = fmt::format("[{}]", shown.finding.id);
        const size_t used = width_of(place) + 2 + level.size() + 1 + width_of(message);
        const size_t gap =
            options_.columns > used + id.size() + 2 ? options_.columns - used - id.size() : 2;
        line(paint_(Colour::Bold, place + ":") + " " +
             paint_(is_error ? Colour::Red : Colour::Yellow, level) + " " +
             paint_(Colour::Bold, message) + std::string(gap, ' ') + paint_(Colour::Dim, id));
    }

    void remember(const trace::Finding& finding, const Story& story) {
        told_.push_back({finding.address, finding.address + std::max<uint32_t>(finding.size, 1)});
        for (uintptr_t object : story.objects) told_.push_back({object, object + 1});
        for (const Aftermath& after : story.aftermath) told_places_.push_back(after.place);
    }

    void render_in_full(size_t index, bool with_claim) {
        const ShownFinding& shown = report_.outcome.findings[index];
        const Story story = tell_story(shown, report_.symbols);
        if (!text_.empty()) line();
        render_head(shown, story);
        line();
        for (const std::string& row : draw_timeline(story, options_.columns, paint_)) line(row);
        line();
        for (const std::string& object : story.legend) line("  " + object);
        render_aftermath(story);
        remember(shown.finding, story);
        const std::vector<std::string> causes = causes_used(shown, story);
        labelled("needs", causes.empty() ? "nothing: the undisturbed run shows it"
                                         : needs_text(shown, causes));
        if (with_claim) labelled("proven", claim_text_beside_finding(report_.outcome.claim));
        render_replay(index);
        labelled("why", fmt::format("kloom explain {}", shown.finding.id));
    }

    static std::string needs_text(const ShownFinding& shown,
                                  const std::vector<std::string>& causes) {
        int cost = 0;
        for (const trace::Deviation& deviation : shown.schedule) cost += deviation.cost;
        std::string text = fmt::format("{}", fmt::join(causes, ", "));
        return cost == 0 ? text
                         : text + fmt::format(" ({} forced switch{})", cost, cost == 1 ? "" : "es");
    }

    void render_aftermath(const Story& story) {
        for (const Aftermath& after : story.aftermath) {
            const std::string place =
                after.place.is_known() ? "   " + brief_place(after.place) : "";
            line(fmt::format("  {}: {}{}", after.is_at_unload ? "at unload" : "later",
                             printable(after.what), place));
        }
    }

    void render_replay(size_t index) {
        if (index < report_.replays.size() && !report_.replays[index].command.empty())
            labelled("replay", report_.replays[index].command);
    }

    void render_head_only(const ShownFinding& shown) {
        Story story;
        story.message = expand_message(shown.finding, Names(*shown.recording, report_.symbols));
        if (!shown.finding.sites.empty())
            story.place = report_.symbols.locate(shown.finding.sites.front().pc);
        render_head(shown, story);
    }

    void render_briefly(size_t index) {
        const ShownFinding& shown = report_.outcome.findings[index];
        render_head_only(shown);
        if (shown.finding.severity == Severity::Error) render_replay(index);
    }

    void render_clean() {
        if (!text_.empty()) line();
        const bool is_complete = report_.outcome.claim.reached_goal;
        const std::string verdict = is_complete
                                        ? "no defect found"
                                        : "no defect found so far, but the search is incomplete";
        line(paint_(Colour::Bold, report_.outcome.program + ":") + " " +
             paint_(is_complete ? Colour::Green : Colour::Yellow,
                    count(Severity::Warning) != 0 ? "no error found" : verdict));
        labelled(is_complete && !report_.is_replay ? "proven" : "search",
                 claim_text(report_.outcome.claim));
        if (!is_complete)
            labelled("next", "more time: --budget 60s, or a smaller claim: --bound 1");
    }

    // What a reader must know to trust a clean result; beside a finding only the notes count.
    void render_limits(bool has_errors) {
        if (!has_errors)
            for (const std::string& limit : report_.outcome.claim.limits) labelled("limits", limit);
        for (const std::string& note : report_.outcome.notes) labelled("note", note);
    }

    const Report& report_;
    const TerminalOptions& options_;
    Paint paint_;
    std::vector<Range> told_;                         // objects of what was shown in full
    std::vector<trace::SourceLocation> told_places_;  // of assertions that failed after them
    std::string text_;
};

}  // namespace

std::string render_terminal(const Report& report, const TerminalOptions& options) {
    return TerminalReport(report, options).render();
}

std::string render_heads(const Report& report, const TerminalOptions& options) {
    return TerminalReport(report, options).render_heads();
}

}  // namespace kloom::report
