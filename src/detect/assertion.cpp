#include "detect/assertion.hpp"

#include "detect/site.hpp"

namespace kloom::detect {

namespace {

constexpr uint16_t kWarning = 0;
constexpr uint16_t kPanic = 2;

}  // namespace

void AssertionDetector::on_event(const trace::Event& event) {
    const Site here = site_of(event);
    if (!wants(context_.sink, "assertion", trace::Severity::Error, here)) return;
    const char* kind = event.flags == kWarning ? "WARN" : event.flags == kPanic ? "panic" : "BUG";
    trace::Finding finding;
    finding.id = "assertion";
    finding.message = std::string(kind) + " by {0}: " + text_of(event.text, "");
    finding.sites = {finding_site(here, kind)};
    finding.ends_execution = event.flags != kWarning;
    context_.sink.report(std::move(finding));
}

}  // namespace kloom::detect
