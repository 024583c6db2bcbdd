#include "detect/irq_rules.hpp"

namespace kloom::detect {

using trace::Event;
using trace::EventKind;
using trace::Severity;

uint64_t IrqRules::interests() const {
    return trace::interests_of(EventKind::IrqRequest, EventKind::IrqFree, EventKind::IrqDisable,
                               EventKind::IrqEnable, EventKind::ModuleGone);
}

void IrqRules::on_event(const Event& event) {
    switch (event.kind) {
        case EventKind::IrqRequest:
            line(event.value).is_requested = true;
            break;
        case EventKind::IrqDisable:
            line(event.value).depth = event.size;
            line(event.value).disabled = site_of(event);
            break;
        case EventKind::IrqEnable:
            on_enable(event);
            break;
        case EventKind::IrqFree:
            on_end(line(event.value), event);
            line(event.value).is_requested = false;
            line(event.value).depth = 0;  // requesting it again enables it
            break;
        default:
            for (Line& touched : lines_) on_end(touched, event);
            break;
    }
}

IrqRules::Line& IrqRules::line(uint64_t number) {
    for (Line& known : lines_)
        if (known.number == number) return known;
    lines_.emplace_back().number = number;
    return lines_.back();
}

void IrqRules::on_enable(const Event& event) {
    Line& enabled = line(event.value);
    if (event.size != 0) {
        enabled.depth = event.size - 1;
        enabled.enabled_in_vain = enabled.depth != 0;
        return;
    }
    const Site here = site_of(event);
    if (!wants(context_.sink, "irq-imbalance", Severity::Error, here)) return;
    trace::Finding finding;
    finding.id = "irq-imbalance";
    finding.message =
        "{0} enables interrupt line " + std::to_string(event.value) + ", which is not disabled";
    finding.sites = {finding_site(here, "enables")};
    context_.sink.report(std::move(finding));
}

void IrqRules::on_end(Line& line, const Event& event) {
    const bool is_own = line.is_requested;  // a line that nobody requested here is somebody else's
    if (line.depth == 0 || (is_own && !line.enabled_in_vain) || !line.disabled.is_known()) return;
    const Site here = site_of(event);
    if (!wants(context_.sink, "irq-imbalance", Severity::Error, line.disabled, here)) return;
    trace::Finding finding;
    finding.id = "irq-imbalance";
    finding.message = "interrupt line " + std::to_string(line.number) +
                      " stays disabled: {0} disabled it more often than it was enabled again";
    finding.sites = {finding_site(line.disabled, "disables"),
                     finding_site(here, "the module goes")};
    context_.sink.report(std::move(finding));
}

}  // namespace kloom::detect
