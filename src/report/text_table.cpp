#include "report/text_table.hpp"

#include <algorithm>
#include <span>

namespace kloom::report {
namespace {

constexpr size_t kWideGap = 2;
constexpr size_t kNarrowGap = 1;

size_t width_of(const TextColumn& column) {
    size_t width = std::max(report::width_of(column.head_above), report::width_of(column.head));
    for (const std::string& cell : column.cells) width = std::max(width, report::width_of(cell));
    return width;
}

std::string aligned(const std::string& text, const TextColumn& column) {
    const size_t width = width_of(column);
    if (column.is_left_aligned) return padded(text, width);
    return std::string(width - report::width_of(text), ' ') + text;
}

// Some columns side by side, the gap between them already chosen.
class Block {
  public:
    Block(std::vector<const TextColumn*> columns, size_t gap)
        : columns_(std::move(columns)), gap_(gap) {}

    std::string render(const Paint& paint) const {
        std::string text;
        const std::string above = line([](const TextColumn& column) { return column.head_above; });
        if (!above.empty()) text += paint(Colour::Dim, above) + '\n';
        text += paint(Colour::Dim, line([](const TextColumn& column) { return column.head; }));
        text += '\n';
        for (size_t row = 0; row < columns_.front()->cells.size(); ++row)
            text += line([row](const TextColumn& column) { return column.cells[row]; }) + '\n';
        return text;
    }

  private:
    template <typename CellOf>
    std::string line(CellOf cell_of) const {
        std::string text;
        for (const TextColumn* column : columns_) {
            if (column != columns_.front()) text.append(gap_, ' ');
            text += aligned(cell_of(*column), *column);
        }
        text.erase(text.find_last_not_of(' ') + 1);
        return text;
    }

    std::vector<const TextColumn*> columns_;
    size_t gap_;
};

size_t total_width(const std::vector<TextColumn>& columns, size_t gap) {
    size_t width = 0;
    for (const TextColumn& column : columns) width += width_of(column) + gap;
    return width - gap;
}

// How many of `columns` fit beside one that is `used` wide; at least one, so that there is an end.
size_t fitting(std::span<const TextColumn> columns, size_t used, size_t width_max) {
    size_t count = 0;
    for (const TextColumn& column : columns) {
        used += kNarrowGap + width_of(column);
        if (used > width_max && count > 0) break;
        ++count;
    }
    return count;
}

}  // namespace

std::string lay_out(const std::vector<TextColumn>& columns, size_t width_max, const Paint& paint) {
    const size_t gap = total_width(columns, kWideGap) <= width_max ? kWideGap : kNarrowGap;
    std::span<const TextColumn> rest(columns);
    const TextColumn& first = rest.front();
    rest = rest.subspan(1);
    std::string text;
    do {
        const size_t count =
            gap == kWideGap ? rest.size() : fitting(rest, width_of(first), width_max);
        std::vector<const TextColumn*> shown = {&first};
        for (const TextColumn& column : rest.first(count)) shown.push_back(&column);
        rest = rest.subspan(count);
        text += Block(std::move(shown), gap).render(paint);
        if (!rest.empty()) text += '\n';
    } while (!rest.empty());
    return text;
}

}  // namespace kloom::report
