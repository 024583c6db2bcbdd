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

// Whether a request must wait for such a hold of the same lock, or for a writer that waits for it.
bool waits_for(const HeldLock& wanted, const HeldLock& held) {
    return !is_recursive_read(wanted) || !held.is_shared();
}

bool is_same_wound_class(const HeldLock& held, const HeldLock& wanted) {
    return (held.flags & wanted.flags & trace::kLockWoundWait) != 0 &&
           held.class_key == wanted.class_key;
}

Site first_known(const std::array<Site, 2>& places) {
    return places[0].is_known() ? places[0] : places[1];
}

struct Enabled {
    bool irqs;
    bool softirqs;
};

Enabled enabled_with(bool irqs_disabled, uint32_t preempt_count) {
    return {!irqs_disabled, !irqs_disabled && (preempt_count & trace::kSoftirqMask) == 0};
}

}  // namespace

void LockOrder::on_event(const Event& event) {
    if (event.path == trace::kNoPath || event.info == nullptr) return;
    if (event.kind == EventKind::ContextChange) return on_context_change(event);
    if (!takes_part(event.flags)) return;
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
    for (const HeldLock& held : locks_.held(event.path)) {
        if (!takes_part(held.flags)) continue;
        if (is_same_wound_class(held, wanted))
            check_wound_wait(held, wanted);
        else if (held.address != wanted.address)
            add_edge(held, wanted);
        else if (held.is_shared() && wanted.is_shared() && !is_recursive_read(wanted))
            note_nested_read(held, wanted);
    }
    if (!wanted.is_shared()) note_writer(wanted);
}

// Locks of such a class are taken in any order: who waits for one must be able to give up the
// others.
void LockOrder::check_wound_wait(const HeldLock& held, const HeldLock& wanted) {
    if ((held.flags & wanted.flags & trace::kLockInContext) != 0 || held.address == wanted.address)
        return;
    if (!wants(context_.sink, "lock-order", Severity::Error, wanted.acquired, held.acquired,
               wanted.address))
        return;
    trace::Finding finding;
    finding.id = "lock-order";
    finding.message =
        "{0} waits for {object} and holds " + held.name.words() +
        " of the same class, not both in an acquire context: it cannot give way to others that "
        "take them in another order";
    finding.address = wanted.address;
    finding.sites = {finding_site(wanted.acquired, "takes " + wanted.name.words()),
                     finding_site(held.acquired, "takes " + held.name.words())};
    context_.sink.report(std::move(finding));
}

// What excludes the hold is a deadlock already; see Deadlock.
void LockOrder::note_nested_read(const HeldLock& held, const HeldLock& wanted) {
    Class& lock_class = classes_[class_of(wanted)];
    if (lock_class.nested_read.inner.is_known()) return;
    lock_class.nested_read = {held.acquired, wanted.acquired, wanted.address};
    check_nested_read(lock_class);
}

void LockOrder::note_writer(const HeldLock& wanted) {
    Class& lock_class = classes_[class_of(wanted)];
    auto& [first, second] = lock_class.writers;
    if (second.is_known() || first.path == wanted.acquired.path) return;
    (first.is_known() ? second : first) = wanted.acquired;
    if (lock_class.nested_read.inner.is_known()) check_nested_read(lock_class);
}

void LockOrder::check_nested_read(const Class& lock_class) {
    const NestedRead& read = lock_class.nested_read;
    const auto is_other = [&](const Site& writer) {
        return writer.is_known() && writer.path != read.inner.path;
    };
    const auto writer =
        std::find_if(lock_class.writers.begin(), lock_class.writers.end(), is_other);
    const bool is_written = writer != lock_class.writers.end();
    const Severity severity = is_written ? Severity::Error : Severity::Warning;
    if (!wants(context_.sink, "lock-order", severity, read.inner, read.outer, read.lock)) return;
    trace::Finding finding;
    finding.id = "lock-order";
    finding.severity = severity;
    finding.message =
        "{0} reads {object} again, which it holds for reading: a writer that comes between waits "
        "for the first, and the second for the writer";
    finding.address = read.lock;
    finding.sites = {finding_site(read.inner, "reads it again"),
                     finding_site(read.outer, "reads it")};
    if (is_written) finding.sites.push_back(finding_site(*writer, "writes it"));
    context_.sink.report(std::move(finding));
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
        const bool same_kind = known.held.is_shared() == edge.held.is_shared() &&
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
        if (!waits_for(last.wanted, next.held)) continue;
        const size_t visit =
            next.to * kModes + (is_recursive_read(next.wanted) ? kShared : kExclusive);
        if (at == next.to || visited[visit]) continue;
        chain.push_back(&next);
        if (next.to == goal.from && waits_for(next.wanted, goal.held)) return true;
        visited[visit] = true;
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
        std::vector<bool> visited(classes_used_ * kModes, false);
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
    const bool may_have_waited = (event.flags & trace::kLockTry) == 0;
    if (path.in_hardirq()) {
        if (may_have_waited) note_used_in(lock, kHardirq, event);
        return;
    }
    const Enabled enabled = enabled_with(path.irqs_disabled, path.preempt_count);
    if (enabled.irqs) note_held_with_enabled(lock, kHardirq, event);
    if (path.in_serving_softirq()) {
        if (may_have_waited) note_used_in(lock, kSoftirq, event);
    } else if (enabled.softirqs) {
        note_held_with_enabled(lock, kSoftirq, event);
    }
}

// Interrupts or softirqs may have been enabled under locks.
void LockOrder::on_context_change(const Event& event) {
    const trace::PathInfo& path = *event.info;
    const Enabled before = enabled_with(event.value >> 32 != 0, static_cast<uint32_t>(event.value));
    const Enabled now = enabled_with(path.irqs_disabled, path.preempt_count);
    const bool irqs_came = now.irqs && !before.irqs;
    const bool softirqs_came = now.softirqs && !before.softirqs && !path.in_serving_softirq();
    if ((!irqs_came && !softirqs_came) || path.in_hardirq()) return;
    for (const HeldLock& lock : locks_.held(event.path)) {
        if (!takes_part(lock.flags) || (lock.flags & trace::kLockSleeps) != 0) continue;
        if (irqs_came) note_held_with_enabled(lock, kHardirq, event);
        if (softirqs_came) note_held_with_enabled(lock, kSoftirq, event);
    }
}

void LockOrder::note_used_in(const HeldLock& lock, Handler handler, const Event& event) {
    Class& lock_class = classes_[class_of(lock)];
    Site& place = lock_class.used_in[handler][mode_of(lock)];
    if (place.is_known()) return;
    place = site_of(event);
    check_use(lock_class, handler);
    check_dependencies(handler);
}

void LockOrder::note_held_with_enabled(const HeldLock& lock, Handler handler, const Event& event) {
    Class& lock_class = classes_[class_of(lock)];
    Site& place = lock_class.held_with_enabled[handler][mode_of(lock)];
    if (place.is_known()) return;
    place = site_of(event);
    check_use(lock_class, handler);
    check_dependencies(handler);
}

void LockOrder::check_use(const Class& lock_class, Handler handler) {
    const auto& in = lock_class.used_in[handler];
    const auto& enabled = lock_class.held_with_enabled[handler];
    if (in[kExclusive].is_known() && first_known(enabled).is_known())
        report_use(lock_class, handler, in[kExclusive], first_known(enabled));
    else if (in[kShared].is_known() && enabled[kExclusive].is_known())
        report_use(lock_class, handler, in[kShared], enabled[kExclusive]);
}

void LockOrder::check_dependencies(Handler handler) {
    for (size_t safe = 0; safe < classes_used_; ++safe) {
        if (!first_known(classes_[safe].used_in[handler]).is_known() ||
            classes_[safe].edges.empty())
            continue;
        std::vector<bool> visited(classes_used_ * kModes, false);
        follow_dependencies(safe, safe, handler, nullptr, visited);
    }
}

// Walks over what is taken under class `safe`, which a handler uses, to locks that are held with
// the handler enabled. A class is visited once as the end of a wait for any holder, and once as
// that of a recursive reader's, which writers alone hold up.
void LockOrder::follow_dependencies(size_t at, size_t safe, Handler handler, const Edge* last,
                                    std::vector<bool>& visited) {
    const bool only_readers_wait = !classes_[safe].used_in[handler][kExclusive].is_known();
    for (const Edge& edge : classes_[at].edges) {
        if (last != nullptr && !waits_for(last->wanted, edge.held)) continue;
        if (last == nullptr && only_readers_wait && edge.held.is_shared()) continue;
        const bool is_reader = is_recursive_read(edge.wanted);
        const size_t visit = edge.to * kModes + (is_reader ? kShared : kExclusive);
        if (edge.to == safe || visited[visit]) continue;
        visited[visit] = true;
        const auto& enabled = classes_[edge.to].held_with_enabled[handler];
        const Site holder = is_reader ? enabled[kExclusive] : first_known(enabled);
        if (holder.is_known())
            report_dependency(classes_[safe], classes_[edge.to], handler, edge, holder);
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
                      " by {1} and held by {0} with " + (is_hardirq ? "interrupts" : "softirqs") +
                      " on: the handler deadlocks when it interrupts the holder";
    finding.address = lock_class.example;
    finding.sites = {finding_site(enabled, std::string("holds it with ") +
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
        finding_site(enabled, "holds " + unsafe.name.words() + " with " +
                                  (is_hardirq ? "interrupts" : "softirqs") + " on"),
        finding_site(first_known(safe.used_in[handler]),
                     "takes " + safe.name.words() + " in the handler")};
    context_.sink.report(std::move(finding));
}

}  // namespace kloom::detect
