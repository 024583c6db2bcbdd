#include "session/finding_collector.hpp"

#include <algorithm>
#include <cstring>

namespace kloom::session {

using trace::Finding;
using trace::Severity;

FindingKey FindingKey::of(const char* id, uintptr_t a, uintptr_t b) {
    return {.id = id, .pc0 = std::min(a, b), .pc1 = std::max(a, b)};
}

bool FindingKey::operator==(const FindingKey& other) const {
    return pc0 == other.pc0 && pc1 == other.pc1 && std::strcmp(id, other.id) == 0;
}

FoundOnce* FindingCollector::find(const FindingKey& key) {
    const auto same = [&](const FoundOnce& found) { return found.key == key; };
    const auto found = std::find_if(found_.begin(), found_.end(), same);
    return found == found_.end() ? nullptr : &*found;
}

bool FindingCollector::is_fatal(const Finding& finding) const {
    return finding.ends_execution && !(survives_corruption_ && finding.corrupts_memory);
}

bool FindingCollector::wants(const char* id, Severity severity, uintptr_t pc0, uintptr_t pc1, uintptr_t) {
    const FindingKey key = FindingKey::of(id, pc0, pc1);
    if (target_.has_value() && *target_ == key) return is_target(key, severity) && !target_seen_.has_value();
    const FoundOnce* known = find(key);
    if (known == nullptr || known->finding.severity < severity) return true;
    if (is_fatal(known->finding)) stop_();  // it will not be reported again, but it still cannot be survived
    return false;
}

void FindingCollector::report(Finding finding) {
    const uintptr_t pc0 = finding.sites.empty() ? 0 : finding.sites[0].pc;
    const uintptr_t pc1 = finding.sites.size() > 1 ? finding.sites[1].pc : 0;
    const FindingKey key = FindingKey::of(finding.id, pc0, pc1);
    const bool ends_execution = is_fatal(finding);
    if (target_.has_value()) {
        if (is_target(key, finding.severity) && !target_seen_.has_value()) {
            target_seen_ = std::move(finding);
            if (after_target_ == AfterTarget::Stop) stop_();
        }
    } else if (FoundOnce* known = find(key); known == nullptr) {
        found_.push_back({key, std::move(finding), {}, 0});
    } else if (known->finding.severity < finding.severity) {
        found_.erase(found_.begin() + (known - found_.data()));
        found_.push_back({key, std::move(finding), {}, 0});
    }
    if (ends_execution) stop_();
}

void FindingCollector::begin_execution() { target_seen_.reset(); }

bool FindingCollector::has_new() const {
    return std::any_of(found_.begin(), found_.end(), [](const FoundOnce& found) { return found.execution == 0; });
}

void FindingCollector::end_execution(const trace::Schedule& schedule, uint64_t execution) {
    for (FoundOnce& found : found_) {
        if (found.execution != 0) continue;
        found.schedule = schedule;
        found.execution = execution;
    }
}

bool FindingCollector::is_target(const FindingKey& key, Severity severity) const {
    return *target_ == key && severity >= target_severity_;
}

void FindingCollector::set_target(const FoundOnce& target, AfterTarget after) {
    target_ = target.key;
    target_severity_ = target.finding.severity;
    after_target_ = after;
    target_seen_.reset();
}

bool FindingCollector::has_errors() const {
    return std::any_of(found_.begin(), found_.end(), [](const FoundOnce& found) { return found.finding.severity == Severity::Error; });
}

}  // namespace kloom::session
