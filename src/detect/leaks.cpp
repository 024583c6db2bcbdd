#include "detect/leaks.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "detect/site.hpp"

namespace kloom::detect {

using trace::Event;
using trace::EventKind;
using trace::HeapObject;
using trace::Severity;

namespace {

// Leftovers that run by themselves or are about to; the others are only registered.
constexpr std::array<std::string_view, 10> kActiveKinds = {
    "kthread", "timer", "hrtimer", "work",         "delayed work",
    "tasklet", "irq",   "softirq", "RCU callback", "irq_work"};

bool is_active(std::string_view kind) {
    return std::find(kActiveKinds.begin(), kActiveKinds.end(), kind) != kActiveKinds.end();
}

}  // namespace

void Leaks::on_event(const Event& event) {
    if (event.kind == EventKind::ModuleGone)
        on_gone();
    else
        on_leftover(event);
}

void Leaks::on_gone() {
    lost_.clear();
    for (const HeapObject& object : context_.memory.objects())
        if (object.is_live && !object.is_internal && object.allocated_at != 0)
            lost_.push_back(&object);
    std::stable_sort(lost_.begin(), lost_.end(), [](const HeapObject* a, const HeapObject* b) {
        return a->allocated_at < b->allocated_at;
    });
    for (size_t begin = 0; begin < lost_.size();) {
        uint64_t bytes = 0;
        size_t end = begin;
        for (; end < lost_.size() && lost_[end]->allocated_at == lost_[begin]->allocated_at; ++end)
            bytes += lost_[end]->size;
        report_leak(*lost_[begin], end - begin, bytes);
        begin = end;
    }
}

void Leaks::report_leak(const HeapObject& first, uint64_t count, uint64_t bytes) {
    const Site site = {.path = first.allocated_by,
                       .cpu = trace::kNoCpu,
                       .pc = first.allocated_at,
                       .number = ~uint64_t{0}};
    if (!wants(context_.sink, "leak", Severity::Error, site)) return;
    const std::string size = std::to_string(bytes) + (bytes == 1 ? " byte" : " bytes");
    const std::string what = count == 1 ? "an object of " + size
                                        : std::to_string(count) + " objects of " + size + " in all";
    trace::Finding finding;
    finding.id = "leak";
    finding.message = what + " allocated by {0} with " + first.function + "() " +
                      (count == 1 ? "is" : "are") + " never freed";
    finding.address = first.address;
    finding.size = static_cast<uint32_t>(first.size);
    finding.sites = {finding_site(site, "allocates")};
    context_.sink.report(std::move(finding));
}

void Leaks::on_leftover(const Event& event) {
    const std::string kind = text_of(event.text, "something");
    if (kind == "sleeper") return;  // LostWakeup judges those
    // Its own address tells leftovers of one kind apart: a finding is known by the places of its
    // sites.
    Site site = site_of(event);
    site.pc = event.address;
    site.number = event.number;
    if (!wants(context_.sink, "left-running", Severity::Error, site, Site(), event.address)) return;
    const std::string name = event.detail != nullptr && *event.detail != '\0'
                                 ? " \"" + std::string(event.detail) + "\""
                                 : "";
    trace::Finding finding;
    finding.id = "left-running";
    finding.message = kind + name +
                      (is_active(kind) ? " is still active after the module is gone"
                                       : " is still registered after the module is gone");
    finding.address = event.address;
    finding.sites = {finding_site(site, "is left")};
    context_.sink.report(std::move(finding));
}

}  // namespace kloom::detect
