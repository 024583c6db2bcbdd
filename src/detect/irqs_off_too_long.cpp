#include "detect/irqs_off_too_long.hpp"

#include "detect/context_history.hpp"

namespace kloom::detect {

namespace {

constexpr trace::VirtualTime kIrqsOffMax = trace::kNanosecondsPerSecond;

}  // namespace

void IrqsOffTooLong::on_event(const trace::Event& event) {
    if (event.path == trace::kNoPath || event.info == nullptr) return;
    if (event.info->irqs_disabled == old_irqs_disabled(event)) return;
    State& state = paths_[event.path];
    if (event.info->irqs_disabled) {
        state.since = site_of(event);
        state.time = event.time;
        return;
    }
    if (state.since.is_known() && event.time - state.time > kIrqsOffMax) report(event, state);
    state.clear();
}

void IrqsOffTooLong::report(const trace::Event& event, const State& state) {
    const Site here = site_of(event);
    if (!wants(context_.sink, "irqs-off-too-long", trace::Severity::Warning, state.since, here))
        return;
    const uint64_t milliseconds = (event.time - state.time) / 1'000'000;
    trace::Finding finding;
    finding.id = "irqs-off-too-long";
    finding.severity = trace::Severity::Warning;
    finding.message = "{0} keeps interrupts off for " + std::to_string(milliseconds) + " ms";
    finding.sites = {finding_site(state.since, "switches interrupts off"),
                     finding_site(here, "switches them on")};
    context_.sink.report(std::move(finding));
}

}  // namespace kloom::detect
