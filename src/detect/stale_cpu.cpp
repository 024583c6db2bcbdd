#include "detect/stale_cpu.hpp"

#include <algorithm>

namespace kloom::detect {

using trace::Event;
using trace::EventKind;
using trace::Severity;

namespace {

// An access this far beyond a computed address is to another variable.
constexpr uintptr_t kVariableBytesMax = 64 * 1024;
// Addresses remembered per path; code that computes more of them walks over all CPUs.
constexpr size_t kAddressesMax = 256;

}  // namespace

uint64_t StaleCpu::interests() const {
    return trace::interests_of(EventKind::Access, EventKind::PerCpuAddress, EventKind::Migrate,
                               EventKind::PathBegin);
}

void StaleCpu::on_event(const Event& event) {
    if (event.path == trace::kNoPath) return;
    switch (event.kind) {
        case EventKind::Access:
            on_access(event);
            break;
        case EventKind::PerCpuAddress:
            on_address(event);
            break;
        case EventKind::PathBegin:
            paths_[event.path].clear();
            break;
        default:
            paths_[event.path].migration = site_of(event);
            paths_[event.path].may_be_stale = !paths_[event.path].addresses.empty();
            break;
    }
}

void StaleCpu::on_address(const Event& event) {
    State& state = paths_[event.path];
    const Computed computed = {.address = event.address,
                               .owner = trace::CpuId(static_cast<uint16_t>(event.value)),
                               .flags = event.flags,
                               .site = site_of(event)};
    const auto known =
        std::find_if(state.addresses.begin(), state.addresses.end(),
                     [&](const Computed& other) { return other.address == computed.address; });
    if (known != state.addresses.end())
        *known = computed;
    else if (state.addresses.size() < kAddressesMax)
        state.addresses.push_back(computed);
}

void StaleCpu::on_access(const Event& event) {
    const State* state = paths_.find(event.path);
    if (state == nullptr || !state->may_be_stale) [[likely]]
        return;
    if ((event.flags & trace::kCpuAtomic) != 0) return;  // finds its CPU in the same instruction
    const trace::AddressInfo place = context_.memory.classify(event.address);
    if (place.region != trace::Region::PerCpu || place.cpu == event.cpu) return;
    const Computed* source = find_source(*state, event.address, place.cpu);
    if (source == nullptr || (source->flags & trace::kCpuReadRemote) != 0) return;
    const bool writes = (event.flags & trace::kWrite) != 0;
    if ((source->flags & trace::kCpuReadRaw) != 0 && !writes) return;
    if (holds_lock_of(event.path, place.cpu)) return;
    report(event, *state, *source);
}

// The computed address that the access most likely came from: the nearest at or below it.
const StaleCpu::Computed* StaleCpu::find_source(const State& state, uintptr_t address,
                                                trace::CpuId owner) const {
    const Computed* nearest = nullptr;
    for (const Computed& computed : state.addresses) {
        if (computed.owner != owner || computed.address > address ||
            address - computed.address >= kVariableBytesMax)
            continue;
        if (nearest == nullptr || computed.address > nearest->address) nearest = &computed;
    }
    return nearest;
}

bool StaleCpu::holds_lock_of(trace::PathId path, trace::CpuId owner) const {
    const std::vector<HeldLock>& held = locks_.held(path);
    return std::any_of(held.begin(), held.end(), [&](const HeldLock& lock) {
        const trace::AddressInfo place = context_.memory.classify(lock.address);
        return place.region == trace::Region::PerCpu && place.cpu == owner;
    });
}

void StaleCpu::report(const Event& event, const State& state, const Computed& source) {
    const Site access = site_of(event);
    if (!wants(context_.sink, "stale-cpu", Severity::Error, access, source.site, event.address))
        return;
    const bool writes = (event.flags & trace::kWrite) != 0;
    const std::string owner = std::to_string(source.owner.value);
    const std::string here = std::to_string(event.cpu.value);
    trace::Finding finding;
    finding.id = "stale-cpu";
    finding.severity = Severity::Error;
    finding.message = std::string("stale per-CPU address: {0} ") + (writes ? "writes" : "reads") +
                      " {object} while it runs on CPU " + here +
                      "; it has moved since it computed the address";
    finding.address = event.address;
    finding.size = event.size;
    finding.sites = {finding_site(access, writes ? "writes" : "reads"),
                     finding_site(source.site, "computes the address for CPU " + owner)};
    if (state.migration.is_known())
        finding.sites.push_back(finding_site(state.migration, "moves to CPU " + here));
    context_.sink.report(std::move(finding));
}

}  // namespace kloom::detect
