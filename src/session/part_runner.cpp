#include "session/part_runner.hpp"

namespace kloom::session {

ExecutionRecord run_execution(Program& program, explore::Strategy& strategy) {
    FindingCollector& findings = program.findings();
    const size_t visible_before = program.machine().visible().size();
    findings.begin_execution();
    const trace::ExecutionSummary summary = program.run(strategy);
    strategy.end_execution(summary);
    return {.steps = static_cast<uint32_t>(summary.steps),
            .events = static_cast<uint32_t>(summary.events),
            .end = summary.end,
            .left_out = summary.left_out,
            .has_news =
                findings.has_new() || program.machine().visible().size() != visible_before};
}

PartResult run_part(Program& program, explore::Strategy& strategy, const explore::Part& part,
                    uint64_t events_max) {
    PartResult result;
    const size_t visible_before = program.machine().visible().size();
    uint64_t events = 0;
    strategy.take_part(part);
    while (strategy.begin_execution()) {
        const ExecutionRecord record = run_execution(program, strategy);
        result.has_diverged = strategy.has_diverged();
        if (result.has_diverged) break;
        result.records.push_back(record);
        if (record.has_news) {
            result.schedules.push_back(strategy.schedule());
            program.findings().end_execution(strategy.schedule(), 1);
        }
        if (program.machine().visible().size() != visible_before) break;
        result.progress = strategy.progress();
        events += record.events;
        if (events < events_max || strategy.is_complete()) continue;
        result.rest = strategy.split();
        break;
    }
    result.leaves_something_out = strategy.leaves_something_out();
    return result;
}

}  // namespace kloom::session
