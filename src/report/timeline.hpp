// Timeline: a story as a table with one column per CPU.
//
//       CPU 0  kthread/0 (pid 102)             CPU 1  kthread/1 (pid 103)
//   1   V++;  reads V = 1    :14
//   2                                          V++;  reads V = 1    :14
//   3   V++;  writes V = 2   :14
//   4                                          V++;  writes V = 2   :14   overwrites step 3
//
// When the columns do not fit beside each other, each line names its CPU and path instead. Nothing
// is ever wrapped.
#pragma once

#include <string>
#include <vector>

#include "report/paint.hpp"
#include "report/story.hpp"

namespace kloom::report {

// Lines without newline, each at most `columns` wide.
std::vector<std::string> draw_timeline(const Story& story, size_t columns, const Paint& paint);

}  // namespace kloom::report
