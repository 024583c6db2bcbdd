#include "detect/cpu_number.hpp"

#include "detect/site.hpp"

namespace kloom::detect {

using trace::Severity;

void CpuNumber::on_event(const trace::Event& event) {
    if ((event.flags & trace::kCpuReadChecked) == 0 || event.info == nullptr) return;
    const trace::PathInfo& path = *event.info;
    if (path.kind != trace::PathKind::Task || !path.is_preemptible() || path.is_bound) return;
    const Site site = site_of(event);
    if (!wants(context_.sink, "unsafe-smp-processor-id", Severity::Warning, site)) return;

    const bool is_number = event.kind == trace::EventKind::CpuNumberRead;
    trace::Finding finding;
    finding.id = "unsafe-smp-processor-id";
    finding.severity = Severity::Warning;
    finding.message =
        text_of(event.text, is_number ? "smp_processor_id" : "this_cpu_ptr") +
        "() in preemptible code: {0} may run on another CPU by the time it uses the " +
        (is_number ? "number" : "address");
    finding.address = is_number ? 0 : event.address;
    finding.sites = {
        finding_site(site, is_number ? "reads its CPU's number" : "computes its CPU's address")};
    context_.sink.report(std::move(finding));
}

}  // namespace kloom::detect
