// What the program's exit status says. Documented in docs/reference/cli.md.
#pragma once

namespace kloom::cli {

inline constexpr int kExitClean = 0;
inline constexpr int kExitFinding = 1;
inline constexpr int kExitUsage =
    2;  // wrong arguments, a source that does not compile, a trace that does not fit
inline constexpr int kExitIncomplete = 3;  // the budget ended before the claim was complete

}  // namespace kloom::cli
