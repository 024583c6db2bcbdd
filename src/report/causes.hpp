// Which causes of concurrency an interleaving uses.
#pragma once

#include <string>
#include <vector>

#include "report/story.hpp"

namespace kloom::report {

// "smp", "interrupt", "softirq", "preemption", "sleep", from the choices that were forced and from
// the story. None when it is what an undisturbed machine does with one path.
std::vector<std::string> causes_used(const trace::ShownFinding& shown, const Story& story);

}  // namespace kloom::report
