// Site: where and by whom something happened, as detectors keep it until it may become part of a
// finding.
#pragma once

#include <string>
#include <utility>

#include "trace/event.hpp"
#include "trace/finding.hpp"

namespace kloom::detect {

struct Site {
    trace::PathId path = trace::kNoPath;
    trace::CpuId cpu = trace::kNoCpu;
    uintptr_t pc = 0;
    uint64_t number = 0;  // of the event

    bool is_known() const { return path != trace::kNoPath; }
};

inline Site site_of(const trace::Event& event) {
    return {.path = event.path, .cpu = event.cpu, .pc = event.pc, .number = event.number};
}

inline trace::FindingSite finding_site(const Site& site, std::string role) {
    return {.path = site.path,
            .cpu = site.cpu,
            .pc = site.pc,
            .event_number = site.number,
            .role = std::move(role)};
}

// Whether the sink wants a finding whose sites begin with `first` and `second`; its identity is
// made of these.
inline bool wants(trace::FindingSink& sink, const char* id, trace::Severity severity,
                  const Site& first, const Site& second = {}, uintptr_t object = 0) {
    return sink.wants(id, severity, first.pc, second.pc, object);
}

// Words of an event outlive it only as copies.
inline std::string text_of(const char* text, const char* otherwise) {
    return text != nullptr ? text : otherwise;
}

}  // namespace kloom::detect
