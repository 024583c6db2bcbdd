#include "report/timeline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "report/names.hpp"

namespace kloom::report {

using trace::CpuId;
using trace::PathId;

namespace {

constexpr size_t kNumberWidth = 3;
constexpr size_t kGap = 2;
constexpr size_t kNumberGap = 3;
constexpr size_t kColumnGap = 4;
constexpr size_t kSourceMin = 10;
constexpr size_t kSourceMax = 44;
constexpr size_t kNoteMax = 40;

// The words of one line, before it is placed.
struct Row {
    const StoryStep* step = nullptr;  // null: a line that names the path which runs from here on
    CpuId cpu;
    std::string source;
    std::string what;
    std::string place;
    std::string note;
    std::string path;  // named in front, when lines and not columns tell who acts

    // One phrase over the whole cell: nothing that a source line does.
    bool is_phrase() const { return place.empty(); }
};

struct Widths {
    size_t source = 0;
    size_t what = 0;
    size_t place = 0;

    size_t cell() const { return source + kGap + what + (place != 0 ? kGap + place : 0); }
};

class Timeline {
  public:
    Timeline(const Story& story, size_t columns, const Paint& paint)
        : story_(story), columns_(columns), paint_(paint) {}

    std::vector<std::string> draw() {
        find_main_file();
        find_cpus();
        make_rows();
        if (fits_in_columns()) return draw_columns();
        notes_below_ = true;
        if (fits_in_columns()) return draw_columns();
        notes_below_ = false;
        return draw_list();
    }

  private:
    // Places in the file of most steps are given by their line alone.
    void find_main_file() {
        std::map<std::string, size_t> uses;
        for (const StoryStep& step : story_.steps)
            if (step.place.is_known()) ++uses[step.place.file];
        size_t most = 0;
        for (const auto& [file, count] : uses) {
            if (count <= most) continue;
            most = count;
            main_file_ = file;
        }
    }

    void find_cpus() {
        for (const StoryStep& step : story_.steps)
            if (step.cpu != trace::kNoCpu &&
                std::find(cpus_.begin(), cpus_.end(), step.cpu) == cpus_.end())
                cpus_.push_back(step.cpu);
        std::sort(cpus_.begin(), cpus_.end());
    }

    std::string place_of(const StoryStep& step) const {
        if (!step.place.is_known()) return "";
        return step.place.file == main_file_ ? fmt::format(":{}", step.place.line)
                                             : brief_place(step.place);
    }

    void make_rows() {
        std::map<CpuId, PathId> running;
        for (const StoryStep& step : story_.steps) {
            const bool introduces = step.kind == StepKind::Context && !step.place.is_known();
            const auto [before, is_first] = running.try_emplace(step.cpu, step.runs_next);
            if (is_first) {
                heads_[step.cpu] =
                    introduces && step.what.starts_with(step.path_name) ? "" : step.path_full_name;
            } else if (before->second != step.path && !introduces &&
                       step.kind != StepKind::Ellipsis) {
                rows_.push_back(
                    {.cpu = step.cpu, .what = step.path_full_name, .path = step.path_name});
            }
            before->second = step.runs_next;
            Row row{.step = &step,
                    .cpu = step.cpu,
                    .source = printable(step.source),
                    .what = printable(step.what),
                    .place = place_of(step),
                    .note = printable(step.note),
                    .path = step.path_name};
            widths_.place = std::max(widths_.place, row.place.size());
            note_width_ = std::max(note_width_, std::min(width_of(row.note), kNoteMax));
            if (!row.is_phrase()) {
                widths_.source =
                    std::max(widths_.source, std::min(width_of(row.source), kSourceMax));
                widths_.what = std::max(widths_.what, width_of(row.what));
            }
            rows_.push_back(std::move(row));
        }
    }

    size_t note_room() const {
        return note_width_ != 0 && !notes_below_ ? kColumnGap + note_width_ : 0;
    }

    // Narrows the source texts until the columns fit; false when that would leave nothing of them.
    bool fits_in_columns() {
        const size_t count = std::max<size_t>(cpus_.size(), 1);
        const size_t rest = kNumberWidth + kNumberGap + note_room() + (count - 1) * kColumnGap;
        if (columns_ <= rest) return false;
        const size_t cell = (columns_ - rest) / count;
        const size_t without_source = widths_.cell() - widths_.source;
        if (without_source + std::min(kSourceMin, widths_.source) > cell) return false;
        widths_.source = std::min(widths_.source, cell - without_source);
        return true;
    }

    // Phrases and heads may make a column wider than its cells as long as all fit.
    size_t column_width() const {
        size_t width = widths_.cell();
        for (const auto& [cpu, head] : heads_) width = std::max(width, width_of(head_text(cpu)));
        for (const Row& row : rows_)
            if (row.is_phrase()) width = std::max(width, width_of(row.what));
        const size_t rest =
            kNumberWidth + kNumberGap + note_room() + (cpus_.size() - 1) * kColumnGap;
        return std::max(widths_.cell(), std::min(width, (columns_ - rest) / cpus_.size()));
    }

    std::string head_text(CpuId cpu) const {
        const auto head = heads_.find(cpu);
        return fmt::format("CPU {}  {}", cpu.value, head != heads_.end() ? head->second : "");
    }

    std::vector<std::string> draw_columns() {
        if (cpus_.empty()) return {};
        const size_t width = column_width();
        std::vector<std::string> lines;
        std::string head(kNumberWidth + kNumberGap, ' ');
        for (CpuId cpu : cpus_)
            head += padded(cut_to(without_pid_if_over(head_text(cpu), width), width),
                           width + kColumnGap);
        lines.push_back(paint_(Colour::Bold, without_trailing_blanks(head)));
        for (const Row& row : rows_) {
            const size_t column =
                static_cast<size_t>(std::find(cpus_.begin(), cpus_.end(), row.cpu) - cpus_.begin());
            const size_t before = column * (width + kColumnGap);
            std::string line =
                number(row) + std::string(kNumberGap + before, ' ') + cell(row, width);
            const size_t behind = (cpus_.size() - 1 - column) * (width + kColumnGap) + kColumnGap;
            if (!row.note.empty() && !notes_below_) line += std::string(behind, ' ') + note(row);
            lines.push_back(without_trailing_blanks(std::move(line)));
            if (!row.note.empty() && notes_below_)
                lines.push_back(std::string(kNumberWidth + kNumberGap + before, ' ') +
                                paint_(Colour::Yellow, cut_to("^ " + row.note, width)));
        }
        return lines;
    }

    // One line for each step: CPU and path in front.
    std::vector<std::string> draw_list() {
        size_t path_width = 0;
        for (const Row& row : rows_) path_width = std::max(path_width, width_of(row.path));
        path_width = std::min<size_t>(path_width, 20);
        const size_t front = kNumberWidth + kNumberGap + 6 + kGap + path_width + kGap;
        const size_t room = columns_ > front + 20 ? columns_ - front : 20;
        const size_t taken = widths_.what + kGap + widths_.place + kGap + note_room();
        widths_.source =
            std::min(widths_.source, room > taken + kSourceMin ? room - taken : kSourceMin);
        std::vector<std::string> lines;
        for (const Row& row : rows_) {
            if (row.step == nullptr) continue;
            std::string line = number(row) + std::string(kNumberGap, ' ') +
                               padded(fmt::format("CPU {}", row.cpu.value), 6) + "  " +
                               padded(cut_to(row.path, path_width), path_width) + "  ";
            const std::string note_text = row.note.empty() ? "" : "   " + row.note;
            std::string body = row.is_phrase()
                                   ? row.what
                                   : padded(cut_to(row.source, widths_.source), widths_.source) +
                                         "  " + padded(row.what, widths_.what) + "  " + row.place;
            lines.push_back(without_trailing_blanks(cut_to(line + body + note_text, columns_)));
        }
        return lines;
    }

    static std::string number(const Row& row) {
        return row.step != nullptr && row.step->number != 0
                   ? fmt::format("{:>{}}", row.step->number, kNumberWidth)
                   : std::string(kNumberWidth, ' ');
    }

    std::string note(const Row& row) const {
        return paint_(Colour::Yellow, cut_to(row.note, note_width_));
    }

    std::string cell(const Row& row, size_t width) const {
        if (row.step == nullptr)
            return paint_(Colour::Bold, padded(cut_to(row.what, width), width));
        if (row.is_phrase())
            return paint_(row.step->is_site ? Colour::Red : Colour::Cyan,
                          padded(cut_to(row.what, width), width));
        std::string text =
            padded(cut_to(row.source, widths_.source), widths_.source) + std::string(kGap, ' ');
        const Colour colour = row.step->is_site                     ? Colour::Red
                              : row.step->kind == StepKind::Context ? Colour::Cyan
                                                                    : Colour::None;
        text += paint_(colour, padded(cut_to(row.what, widths_.what), widths_.what));
        size_t used = widths_.source + kGap + widths_.what;
        if (widths_.place != 0) {
            text += std::string(kGap, ' ') + paint_(Colour::Dim, padded(row.place, widths_.place));
            used = widths_.cell();
        }
        return text + std::string(width - used, ' ');
    }

    static std::string without_pid_if_over(const std::string& head, size_t width) {
        return width_of(head) <= width ? head : head.substr(0, head.rfind(" (pid "));
    }

    static std::string without_trailing_blanks(std::string line) {
        line.erase(line.find_last_not_of(' ') + 1);
        return line;
    }

    const Story& story_;
    size_t columns_;
    const Paint& paint_;
    std::string main_file_;
    std::vector<CpuId> cpus_;
    std::vector<Row> rows_;
    std::map<CpuId, std::string> heads_;
    Widths widths_;
    size_t note_width_ = 0;
    bool notes_below_ = false;  // under their steps, for want of room beside them
};

}  // namespace

std::vector<std::string> draw_timeline(const Story& story, size_t columns, const Paint& paint) {
    if (story.steps.empty()) return {};
    return Timeline(story, columns, paint).draw();
}

}  // namespace kloom::report
