// EventQueue: what happens next in virtual time. At most one event for each id (a CPU goes on, a device is done), so
// that an event can be moved when something interrupts what it was to end.
//
// A heap with four children to a node, whose nodes hold the keys: half the depth of a binary one, and the children of a
// node share a cache line. Events of the same time come in the order in which they were set.
#pragma once

#include <cstdint>
#include <vector>

#include "base/check.hpp"

namespace kloom::os_models {

class EventQueue {
  public:
    struct Event {
        uint64_t time_ns;
        uint64_t order;  // of the settings
        uint32_t id;
    };

    explicit EventQueue(uint32_t ids) : place_(ids, kAbsent) { heap_.reserve(ids); }

    bool is_empty() const { return heap_.empty(); }
    // Requires: !is_empty().
    uint64_t next_time_ns() const { return heap_[0].time_ns; }

    // Sets the event of `id`, which has none or a later one; one of the same time stays where it is.
    void set(uint32_t id, uint64_t time_ns) {
        uint32_t at = place_[id];
        if (at == kAbsent) {
            at = static_cast<uint32_t>(heap_.size());
            heap_.push_back({});
        } else {
            CHECK(time_ns <= heap_[at].time_ns, "an event moves to a later time");
            // A new order would have it sink, too.
            if (time_ns == heap_[at].time_ns) return;
        }
        rise(at, {time_ns, ++order_, id});
    }

    // Requires: !is_empty().
    Event pop() {
        const Event first = heap_[0];
        place_[first.id] = kAbsent;
        const Event last = heap_.back();
        heap_.pop_back();
        if (!heap_.empty()) sink(last);
        return first;
    }

  private:
    static constexpr uint32_t kAbsent = ~0u;
    static constexpr uint32_t kChildren = 4;

    static bool is_before(const Event& a, const Event& b) {
        return a.time_ns != b.time_ns ? a.time_ns < b.time_ns : a.order < b.order;
    }

    void put(uint32_t at, const Event& event) {
        heap_[at] = event;
        place_[event.id] = at;
    }

    void rise(uint32_t at, const Event& event) {
        while (at > 0) {
            const uint32_t parent = (at - 1) / kChildren;
            if (!is_before(event, heap_[parent])) break;
            put(at, heap_[parent]);
            at = parent;
        }
        put(at, event);
    }

    // `event` takes the place of the first.
    void sink(const Event& event) {
        const auto size = static_cast<uint32_t>(heap_.size());
        uint32_t at = 0;
        for (;;) {
            const uint32_t first = at * kChildren + 1;
            if (first >= size) break;
            const uint32_t end = first + kChildren < size ? first + kChildren : size;
            uint32_t least = first;
            for (uint32_t child = first + 1; child < end; ++child)
                if (is_before(heap_[child], heap_[least])) least = child;
            if (!is_before(heap_[least], event)) break;
            put(at, heap_[least]);
            at = least;
        }
        put(at, event);
    }

    std::vector<Event> heap_;
    std::vector<uint32_t> place_;  // [id] in heap_
    uint64_t order_ = 0;
};

}  // namespace kloom::os_models
