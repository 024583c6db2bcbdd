#include "detect/lock_order.hpp"

#include <algorithm>

namespace kloom::detect {

using trace::Event;
using trace::EventKind;
using trace::Severity;

namespace {

bool takes_part(uint16_t flags) {
    return (flags & (trace::kLockNoOrder | trace::kLockRcu)) == 0;
}

// A reader that another reader never keeps waiting.
bool is_recursive_read(const HeldLock& lock) {
    return lock.is_shared() && (lock.flags & trace::kLockRecursiveRead) != 0;
}

Site first_known(const std::array<Site, 2>& places) {
    return places[0].is_known() ? places[0] : places[1];
}

}  // namespace

void LockOrder::on_event(const Event& event) {
    if (event.path == trace::kNoPath || event.info == nullptr || !takes_part(event.flags)) return;
    if (event.kind == EventKind::LockRequest) {
        if ((event.flags & trace::kLockTry) == 0) on_request(event);
    } else {
        on_acquire(event);
    }
}

size_t LockOrder::class_of(const HeldLock& lock) {
    for (size_t index = 0; index < classes_used_; ++index)
        if (classes_[index].key == lock.class_key && classes_[index].subclass == lock.subclass)
            return index;
    if (classes_used_ == classes_.size()) classes_.emplace_back();
    Class& fresh = classes_[classes_used_];
    std::vector<Edge> edges = std::move(fresh.edges);
    edges.clear();
    fresh = Class();
    fresh.key = lock.class_key;
    fresh.subclass = lock.subclass;
    fresh.name = lock.name;
    fresh.example = lock.address;
    fresh.edges = std::move(edges);
    return classes_used_++;
}

// ---- order --------------------------------------------------------------------------------------

void LockOrder::on_request(const Event& event) {
    const HeldLock wanted = held_lock_of(event);
    for (const HeldLock& held : locks_.held(event.path))
        if (takes_part(held.flags) && held.address != wanted.address) add_edge(held, wanted);
}

void LockOrder::add_edge(const HeldLock& held, const HeldLock& wanted) {
    Edge edge;
    edge.from = class_of(held);
    edge.to = class_of(wanted);
    edge.held = held;
    edge.wanted = wanted;
    if (Edge* known = find_edge(edge)) {
        if (observe_again(*known, wanted.acquired.path)) check_cycle(*known);
        return;
    }
    collect_gates(edge);
    classes_[edge.from].edges.push_back(edge);
    check_cycle(edge);
    for (Handler handler : {kHardirq, kSoftirq}) check_dependencies(handler);
}

LockOrder::Edge* LockOrder::find_edge(const Edge& edge) {
    for (Edge& known : classes_[edge.from].edges) {
        const bool same_kind = is_recursive_read(known.held) == is_recursive_read(edge.held) &&
                               is_recursive_read(known.wanted) == is_recursive_read(edge.wanted);
        const bool same_locks =
            known.held.address == edge.held.address && known.wanted.address == edge.wanted.address;
        if (known.to == edge.to && same_kind && (edge.from != edge.to || same_locks)) return &known;
    }
    return nullptr;
}

void LockOrder::collect_gates(Edge& edge) const {
    size_t count = 0;
    for (const HeldLock& lock : locks_.held(edge.wanted.acquired.path))
        if (!lock.is_shared() && lock.address != edge.held.address && takes_part(lock.flags) &&
            count < kGatesMax)
            edge.gates[count++] = lock.address;
}

bool LockOrder::observe_again(Edge& edge, trace::PathId path) const {
    bool is_worse = false;
    for (uintptr_t& gate : edge.gates) {
        if (gate == 0) continue;
        const HeldLock* held = locks_.find(path, gate);
        if (held != nullptr && !held->is_shared()) continue;
        gate = 0;
        is_worse = true;
    }
    if (path != edge.wanted.acquired.path && !edge.by_several_paths) {
        edge.by_several_paths = true;
        is_worse = true;
    }
    return is_worse;
}

bool LockOrder::find_chain(size_t at, const Edge& last, const Edge& goal, Chain& chain,
                           std::vector<bool>& visited) const {
    for (const Edge& next : classes_[at].edges) {
        if (is_recursive_read(last.wanted) && is_recursive_read(next.held))
            continue;  // a reader waits for no reader
        if (at == next.to || visited[next.to]) continue;
        chain.push_back(&next);
        const bool closes = next.to == goal.from &&
                            !(is_recursive_read(next.wanted) && is_recursive_read(goal.held));
        if (closes) return true;
        visited[next.to] = true;
        if (find_chain(next.to, next, goal, chain, visited)) return true;
        chain.pop_back();
    }
    return false;
}

void LockOrder::check_cycle(const Edge& edge) {
    Chain cycle = {&edge};
    if (edge.from == edge.to) {  // one class: the locks themselves must be taken in both orders
        for (const Edge& other : classes_[edge.from].edges)
            if (other.to == edge.to && other.held.address == edge.wanted.address &&
                other.wanted.address == edge.held.address)
                cycle.push_back(&other);
        if (cycle.size() == 1) return;
    } else {
        std::vector<bool> visited(classes_used_, false);
        if (!find_chain(edge.to, edge, edge, cycle, visited)) return;
    }
    for (uintptr_t gate : edge.gates) {
        const auto has_gate = [&](const Edge* other) {
            return std::find(other->gates.begin(), other->gates.end(), gate) != other->gates.end();
        };
        if (gate != 0 && std::all_of(cycle.begin(), cycle.end(), has_gate)) return;
    }
    report_cycle(cycle);
}

void LockOrder::report_cycle(const Chain& cycle) {
    const auto path_of = [](const Edge* edge) { return edge->wanted.acquired.path; };
    const bool by_one_path = std::all_of(cycle.begin(), cycle.end(), [&](const Edge* edge) {
        return !edge->by_several_paths && path_of(edge) == path_of(cycle.front());
    });
    const Severity severity = by_one_path ? Severity::Warning : Severity::Error;
    const Site here = cycle[0]->wanted.acquired;
    const Site there = cycle[1]->wanted.acquired;
    if (!wants(context_.sink, "lock-order", severity, here, there, cycle[0]->wanted.address))
        return;

    trace::Finding finding;
    finding.id = "lock-order";
    finding.severity = severity;
    finding.message = "locks are taken in both orders, which can deadlock";
    for (size_t index = 0; index < cycle.size(); ++index)
        finding.message += (index == 0 ? ": " : ", ") + std::string("{") + std::to_string(index) +
                           "} takes " + cycle[index]->wanted.name.words() + " under " +
                           cycle[index]->held.name.words();
    finding.address = cycle[0]->wanted.address;
    for (const Edge* edge : cycle)
        finding.sites.push_back(finding_site(
            edge->wanted.acquired,
            "takes " + edge->wanted.name.words() + ", holds " + edge->held.name.words()));
    for (const Edge* edge : cycle)
        finding.sites.push_back(
            finding_site(edge->held.acquired, "takes " + edge->held.name.words()));
    context_.sink.report(std::move(finding));
}

// ---- use in handlers ----------------------------------------------------------------------------

void LockOrder::on_acquire(const Event& event) {
    if ((event.flags & trace::kLockSleeps) != 0) return;
    const HeldLock lock = held_lock_of(event);
    const trace::PathInfo& path = *event.info;
    const size_t index = class_of(lock);
    const size_t mode = is_recursive_read(lock) ? 1 : 0;
    const bool may_have_waited = (event.flags & trace::kLockTry) == 0;
    if (path.in_hardirq()) {
        if (may_have_waited)
            note_use(classes_[index].used_in[kHardirq][mode], index, kHardirq, event);
        return;
    }
    if (!path.irqs_disabled)
        note_use(classes_[index].used_with_enabled[kHardirq][mode], index, kHardirq, event);
    if (path.in_serving_softirq()) {
        if (may_have_waited)
            note_use(classes_[index].used_in[kSoftirq][mode], index, kSoftirq, event);
    } else if (!path.irqs_disabled && !path.bh_disabled()) {
        note_use(classes_[index].used_with_enabled[kSoftirq][mode], index, kSoftirq, event);
    }
}

void LockOrder::note_use(Site& place, size_t lock_class, Handler handler, const Event& event) {
    if (place.is_known()) return;
    place = site_of(event);
    check_use(classes_[lock_class], handler);
    check_dependencies(handler);
}

void LockOrder::check_use(const Class& lock_class, Handler handler) {
    const auto& in = lock_class.used_in[handler];
    const auto& enabled = lock_class.used_with_enabled[handler];
    if (in[0].is_known() && first_known(enabled).is_known())
        report_use(lock_class, handler, in[0], first_known(enabled));
    else if (in[1].is_known() && enabled[0].is_known())
        report_use(lock_class, handler, in[1], enabled[0]);
}

void LockOrder::check_dependencies(Handler handler) {
    for (size_t safe = 0; safe < classes_used_; ++safe) {
        if (!first_known(classes_[safe].used_in[handler]).is_known() ||
            classes_[safe].edges.empty())
            continue;
        std::vector<bool> visited(classes_used_, false);
        visited[safe] = true;
        follow_dependencies(safe, safe, handler, nullptr, visited);
    }
}

// Walks over what is taken under class `safe`, which a handler uses, to locks that are held with
// the handler enabled.
void LockOrder::follow_dependencies(size_t at, size_t safe, Handler handler, const Edge* last,
                                    std::vector<bool>& visited) {
    for (const Edge& edge : classes_[at].edges) {
        if (last != nullptr && is_recursive_read(last->wanted) && is_recursive_read(edge.held))
            continue;
        if (visited[edge.to]) continue;
        visited[edge.to] = true;
        const Site enabled = first_known(classes_[edge.to].used_with_enabled[handler]);
        if (enabled.is_known())
            report_dependency(classes_[safe], classes_[edge.to], handler, edge, enabled);
        follow_dependencies(edge.to, safe, handler, &edge, visited);
    }
}

void LockOrder::report_use(const Class& lock_class, Handler handler, const Site& in,
                           const Site& enabled) {
    if (!wants(context_.sink, "lock-order", Severity::Error, enabled, in, lock_class.example))
        return;
    const bool is_hardirq = handler == kHardirq;
    trace::Finding finding;
    finding.id = "lock-order";
    finding.message = std::string("{object} is taken in ") +
                      (is_hardirq ? "an interrupt handler" : "a softirq") +
                      " by {1} and by {0} with " + (is_hardirq ? "interrupts" : "softirqs") +
                      " on: the handler deadlocks when it interrupts the holder";
    finding.address = lock_class.example;
    finding.sites = {finding_site(enabled, std::string("takes it with ") +
                                               (is_hardirq ? "interrupts" : "softirqs") + " on"),
                     finding_site(in, "takes it in the handler")};
    context_.sink.report(std::move(finding));
}

void LockOrder::report_dependency(const Class& safe, const Class& unsafe, Handler handler,
                                  const Edge& edge, const Site& enabled) {
    const Site nested = edge.wanted.acquired;
    if (!wants(context_.sink, "lock-order", Severity::Error, nested, enabled, unsafe.example))
        return;
    const bool is_hardirq = handler == kHardirq;
    trace::Finding finding;
    finding.id = "lock-order";
    finding.message = "{0} takes " + unsafe.name.words() + " under " + edge.held.name.words() +
                      ", but {1} holds " + unsafe.name.words() + " with " +
                      (is_hardirq ? "interrupts" : "softirqs") + " on, and a handler takes " +
                      safe.name.words() + ": the two can deadlock";
    finding.address = unsafe.example;
    finding.sites = {
        finding_site(nested, "takes " + unsafe.name.words() + " under " + edge.held.name.words()),
        finding_site(enabled, "takes " + unsafe.name.words() + " with " +
                                  (is_hardirq ? "interrupts" : "softirqs") + " on"),
        finding_site(first_known(safe.used_in[handler]),
                     "takes " + safe.name.words() + " in the handler")};
    context_.sink.report(std::move(finding));
}

}  // namespace kloom::detect
