#include "detect/misuse.hpp"

#include "detect/site.hpp"

namespace kloom::detect {

void Misuse::on_event(const trace::Event& event) {
    const Site here = site_of(event);
    const auto severity = static_cast<trace::Severity>(event.flags);
    if (!wants(context_.sink, event.text, severity, here, Site(), event.address)) return;
    trace::Finding finding;
    finding.id = event.text;  // static storage, as the event promises
    finding.severity = severity;
    finding.message = text_of(event.detail, event.text);
    finding.address = event.address;
    finding.sites = {finding_site(here, "")};
    context_.sink.report(std::move(finding));
}

}  // namespace kloom::detect
