#include "detect/lock_use.hpp"

#include <algorithm>

namespace kloom::detect {

using trace::Event;
using trace::EventKind;
using trace::PathId;
using trace::Severity;

namespace {

bool has_owner(uint16_t flags) {
    return (flags & trace::kLockNoOwner) == 0;
}

}  // namespace

uint64_t LockUse::interests() const {
    return trace::interests_of(EventKind::LockRelease, EventKind::LockInit, EventKind::Free,
                               EventKind::CallbackEnter, EventKind::CallbackReturn,
                               EventKind::ReturnToUser, EventKind::PathBegin, EventKind::PathEnd);
}

void LockUse::on_event(const Event& event) {
    if (event.path == trace::kNoPath) return;
    std::vector<uint64_t>& calls = calls_[event.path];
    switch (event.kind) {
        case EventKind::LockRelease:
            on_release(event);
            break;
        case EventKind::LockInit:
        case EventKind::Free:
            on_memory_gone(event);
            break;
        case EventKind::PathBegin:
            calls.clear();
            break;
        case EventKind::CallbackEnter:
            calls.push_back(event.number);
            break;
        case EventKind::CallbackReturn:
            on_return(event, calls.empty() ? 0 : calls.back(), "function");
            if (!calls.empty()) calls.pop_back();
            break;
        case EventKind::ReturnToUser:
            on_return(event, 0, "system call");
            break;
        default:
            on_return(event, 0, "task");
            break;
    }
}

void LockUse::on_release(const Event& event) {
    if (!has_owner(event.flags) || locks_.find(event.path, event.address) != nullptr) return;
    const Site here = site_of(event);
    if ((event.flags & trace::kLockRcu) != 0) {
        if (!wants(context_.sink, "rcu-misuse", Severity::Error, here)) return;
        trace::Finding finding;
        finding.id = "rcu-misuse";
        finding.message = "{0} ends an RCU read-side section that it is not in";
        finding.sites = {finding_site(here, "unlocks")};
        context_.sink.report(std::move(finding));
        return;
    }
    Site holder;
    locks_.find_holder([&](PathId, const HeldLock& lock) {
        if (lock.address == event.address) holder = lock.acquired;
        return holder.is_known();
    });
    if (!wants(context_.sink, "unlock-not-owner", Severity::Error, here, holder, event.address))
        return;
    trace::Finding finding;
    finding.id = "unlock-not-owner";
    finding.message = holder.is_known() ? "{0} releases {object}, which {1} holds"
                                        : "{0} releases {object}, which nobody holds";
    finding.address = event.address;
    finding.sites.push_back(finding_site(here, "unlocks"));
    if (holder.is_known()) finding.sites.push_back(finding_site(holder, "locks"));
    context_.sink.report(std::move(finding));
}

// The path leaves code of the module: what it has locked since event `since` stays locked for ever.
void LockUse::on_return(const Event& event, uint64_t since, const char* what) {
    for (const HeldLock& lock : locks_.held(event.path)) {
        if (lock.acquired.number < since || !has_owner(lock.flags)) continue;
        const char* id = lock.is_rcu() ? "rcu-misuse" : "lock-held-at-return";
        const Site here = site_of(event);
        if (!wants(context_.sink, id, Severity::Error, lock.acquired, here, lock.address)) continue;
        const std::string who = "{0}'s " + text_of(event.text, what);
        trace::Finding finding;
        finding.id = id;
        finding.message = who + (lock.is_rcu() ? " returns inside an RCU read-side section"
                                               : " returns with {object} locked");
        finding.address = lock.address;
        finding.sites = {finding_site(lock.acquired, "locks"), finding_site(here, "returns")};
        context_.sink.report(std::move(finding));
    }
}

// Memory is freed, or a lock initialised again, at [address, address + size).
void LockUse::on_memory_gone(const Event& event) {
    const bool is_free = event.kind == EventKind::Free;
    const uintptr_t end = event.address + std::max<uint32_t>(event.size, 1);
    locks_.find_holder([&](PathId, const HeldLock& lock) {
        if (lock.address < event.address || lock.address >= end || !has_owner(lock.flags))
            return false;
        const Site here = site_of(event);
        if (!wants(context_.sink, "held-lock-freed", Severity::Error, here, lock.acquired,
                   lock.address))
            return false;
        trace::Finding finding;
        finding.id = "held-lock-freed";
        finding.message = std::string(is_free ? "{0} frees" : "{0} initialises") +
                          " the memory of {object} while {1} holds it";
        finding.address = lock.address;
        finding.sites = {finding_site(here, is_free ? "frees" : "initialises"),
                         finding_site(lock.acquired, "locks")};
        context_.sink.report(std::move(finding));
        return false;
    });
}

}  // namespace kloom::detect
