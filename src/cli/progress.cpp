#include "cli/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "report/claim.hpp"

namespace kloom::cli {
namespace {

constexpr double kUnlimitedSeconds = 1e6;

}  // namespace

Progress::Progress() {
    const char* term = std::getenv("TERM");
    is_on_ = isatty(STDERR_FILENO) != 0 && term != nullptr && std::string_view(term) != "dumb";
}

void Progress::show(const session::Progress& progress) {
    const double rate =
        progress.seconds > 0 ? static_cast<double>(progress.executions) / progress.seconds : 0;
    std::string text = fmt::format("{}: {}, {}/s", progress.stage,
                                   report::counted(progress.executions, "execution"),
                                   report::count_text(static_cast<uint64_t>(rate)));
    if (progress.stage_done > 0)
        text += fmt::format(", about {:.0f} % of it done", 100 * progress.stage_done);
    if (progress.budget_seconds < kUnlimitedSeconds && progress.seconds < progress.budget_seconds)
        text += fmt::format(", at most {:.0f} s left", progress.budget_seconds - progress.seconds);
    if (progress.findings != 0) text += ", " + report::counted(progress.findings, "finding");
    show(text);
}

void Progress::show(double share_done, const std::string& what) {
    constexpr int kBarColumns = 30;
    const int done = static_cast<int>(share_done * kBarColumns);
    show(fmt::format("[{:#<{}}{:{}}] {:3.0f} %  {}", "", done, "", kBarColumns - done, 100 * share_done, what));
}

void Progress::show(const std::string& text) {
    if (!is_on_) return;
    std::fprintf(stderr, "\r\033[K%s", text.c_str());
    std::fflush(stderr);
    is_drawn_ = true;
}

void Progress::clear() {
    if (!is_drawn_) return;
    std::fputs("\r\033[K", stderr);
    std::fflush(stderr);
    is_drawn_ = false;
}

}  // namespace kloom::cli
