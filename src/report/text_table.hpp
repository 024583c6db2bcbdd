// A table of text for a terminal. Columns are as wide as what stands in them; when all of them do
// not fit, they move closer together, and when that is not enough, the rest continues below, with
// the first column repeated.
#pragma once

#include <string>
#include <vector>

#include "report/paint.hpp"

namespace kloom::report {

struct TextColumn {
    std::string head_above;  // two lines of head; the first may be empty
    std::string head;
    std::vector<std::string> cells;  // as many in all columns
    bool is_left_aligned = false;
};

// Lines that end with a line feed. Requires: a first column.
std::string lay_out(const std::vector<TextColumn>& columns, size_t width_max, const Paint& paint);

}  // namespace kloom::report
