#include "session/console.hpp"

#include <algorithm>

#include "kernel/log.hpp"
#include "kernel/user/user.hpp"

namespace kloom::session {

Console::Console(Program& program, ConsoleSink sink) : program_(program), sink_(std::move(sink)) {
    program_.kernel().users->set_output_sink(
        [this](int32_t pid, std::string_view text) { sink_(pid, text); });
}

Console::~Console() {
    program_.kernel().users->set_output_sink({});
}

// A record that may still be continued (pr_cont) waits for its end.
void Console::on_event(const trace::Event&) {
    const auto& records = program_.kernel().log->records();
    show_log(records.back().is_complete ? records.size() : records.size() - 1);
}

void Console::end_execution() {
    show_log(program_.kernel().log->records().size());
}

void Console::show_log(size_t end) {
    const kernel::LogService& log = *program_.kernel().log;
    shown_ = std::min(shown_, end);  // the log drops its older half when it is full
    std::string lines;
    for (; shown_ < end; ++shown_) log.format_record(log.records()[shown_], lines);
    if (!lines.empty()) sink_(0, lines);
}

}  // namespace kloom::session
