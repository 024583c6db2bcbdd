// LockOrder: lockdep's rules, so that a deadlock is found in an execution in which it did not
// happen.
//
// Locks are judged by class (where they are initialised) and nesting level; locks of one class by
// themselves. For each class the detector keeps
//
//   what follows      an edge A -> B for each B that was requested while A was held; a cycle is
//                     a possible deadlock
//   where it is used  in hardirq or softirq handlers, and held with those enabled. A lock that is
//                     used both ways deadlocks when the handler interrupts its holder; so does
//                     A -> B when A is used in a handler and B is held with that handler enabled
//
// All of it concerns one execution, not the whole search: a finding must show again when its
// schedule is replayed. Kinder than lockdep in two ways: a cycle is none when one further lock is
// held around all its edges (a gate), and what only one single path did is a warning: a cycle of
// edges, or reading twice a lock that nobody else writes. A trylock waits for nobody, so it makes
// no edge and is no use in a handler.
//
// Wound/wait mutexes of one class have no order, as long as all are taken in an acquire context.
//
// Readers: a recursive one waits for writers that hold the lock, and for no reader. Any other one
// also waits for a writer that waits itself, and so for those who read. Handlers read recursively.
#pragma once

#include <array>
#include <vector>

#include "detect/detectors.hpp"
#include "detect/lock_tracker.hpp"

namespace kloom::detect {

class LockOrder final : public trace::Observer {
  public:
    LockOrder(const DetectorContext& context, const LockTracker& locks)
        : context_(context), locks_(locks) {}

    uint64_t interests() const override {
        return trace::interests_of(trace::EventKind::LockRequest, trace::EventKind::LockAcquire,
                                   trace::EventKind::ContextChange);
    }
    void begin_execution() override { classes_used_ = 0; }
    void on_event(const trace::Event& event) override;

  private:
    static constexpr size_t kGatesMax = 4;
    enum Handler : uint8_t { kHardirq, kSoftirq, kHandlers };
    enum Mode : uint8_t { kExclusive, kShared, kModes };

    // B was requested while A was held.
    struct Edge {
        size_t from = 0, to = 0;  // indices into classes_
        HeldLock held;            // A
        HeldLock wanted;          // B, as requested
        bool by_several_paths = false;
        std::array<uintptr_t, kGatesMax> gates{};  // locks held around it every time; 0: none
    };
    // A reader that queues has taken a lock twice.
    struct NestedRead {
        Site outer, inner;
        uintptr_t lock = 0;
    };
    struct Class {
        uintptr_t key = 0;
        uint32_t subclass = 0;
        LockName name;
        uintptr_t example = 0;  // a lock of the class
        std::vector<Edge> edges;
        NestedRead nested_read;         // the first
        std::array<Site, 2> writers{};  // of two different paths
        // Where it was taken in a handler, and where it was held with the handler enabled:
        // [handler][mode].
        std::array<std::array<Site, kModes>, kHandlers> used_in{};
        std::array<std::array<Site, kModes>, kHandlers> held_with_enabled{};
    };
    using Chain = std::vector<const Edge*>;

    static Mode mode_of(const HeldLock& lock) { return lock.is_shared() ? kShared : kExclusive; }
    size_t class_of(const HeldLock& lock);
    void on_request(const trace::Event& event);
    void on_acquire(const trace::Event& event);
    void on_context_change(const trace::Event& event);

    void add_edge(const HeldLock& held, const HeldLock& wanted);
    Edge* find_edge(const Edge& edge);
    // Keeps the gates that are held this time too. Returns whether the edge has become more
    // dangerous.
    bool observe_again(Edge& edge, trace::PathId path) const;
    void collect_gates(Edge& edge) const;

    // Extends `chain`, which arrives at class `at` by `last`, to one that could wait for `goal`'s
    // held lock.
    bool find_chain(size_t at, const Edge& last, const Edge& goal, Chain& chain,
                    std::vector<bool>& visited) const;
    void check_cycle(const Edge& edge);
    void report_cycle(const Chain& cycle);

    void check_wound_wait(const HeldLock& held, const HeldLock& wanted);
    void note_writer(const HeldLock& wanted);
    void note_nested_read(const HeldLock& held, const HeldLock& wanted);
    void check_nested_read(const Class& lock_class);

    void note_used_in(const HeldLock& lock, Handler handler, const trace::Event& event);
    void note_held_with_enabled(const HeldLock& lock, Handler handler, const trace::Event& event);
    void check_use(const Class& lock_class, Handler handler);
    void check_dependencies(Handler handler);
    void follow_dependencies(size_t at, size_t safe, Handler handler, const Edge* last,
                             std::vector<bool>& visited);
    void report_use(const Class& lock_class, Handler handler, const Site& in, const Site& enabled);
    void report_dependency(const Class& safe, const Class& unsafe, Handler handler,
                           const Edge& edge, const Site& enabled);

    DetectorContext context_;
    const LockTracker& locks_;
    std::vector<Class> classes_;
    size_t classes_used_ = 0;  // the others are left from earlier executions
};

}  // namespace kloom::detect
