// PartQueue: the parts that a stage has still to run, in the order of the search.
//
// Workers run them in any order; their results count in this one. What a part leaves takes its
// place in the order.
#pragma once

#include <algorithm>
#include <list>
#include <optional>
#include <utility>
#include <vector>

#include "explore/strategy.hpp"
#include "session/part_runner.hpp"

namespace kloom::session {

class PartQueue {
  public:
    struct Entry {
        size_t ticket = 0;
        explore::Part part;
        bool is_started = false;
        bool is_lost = false;  // whoever ran it died
        std::optional<PartResult> result;
    };

    explicit PartQueue(const std::vector<explore::Part>& parts) { insert(entries_.end(), parts); }

    bool empty() const { return entries_.empty(); }
    bool is_last() const { return entries_.size() == 1; }  // the front is
    const Entry& front() const { return entries_.front(); }
    auto begin() const { return entries_.begin(); }
    auto end() const { return entries_.end(); }
    void pop_front() { entries_.pop_front(); }

    // The first that nobody has started, which is started now; null when there is none.
    const Entry* start_next() {
        const auto next = std::find_if(entries_.begin(), entries_.end(),
                                       [](const Entry& entry) { return !entry.is_started; });
        if (next == entries_.end()) return nullptr;
        next->is_started = true;
        return &*next;
    }
    // No result: the part is lost.
    void finish(size_t ticket, std::optional<PartResult> result) {
        const auto entry = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& one) {
            return one.ticket == ticket;
        });
        entry->is_lost = !result;
        entry->result = std::move(result);
        if (entry->result) insert(std::next(entry), entry->result->rest);
    }

  private:
    void insert(std::list<Entry>::iterator before, const std::vector<explore::Part>& parts) {
        for (const explore::Part& part : parts)
            entries_.insert(before, {.ticket = next_ticket_++, .part = part, .is_started = false,
                                     .is_lost = false, .result = std::nullopt});
    }

    std::list<Entry> entries_;
    size_t next_ticket_ = 0;
};

}  // namespace kloom::session
