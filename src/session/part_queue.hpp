// PartQueue: the parts that a stage has still to run, in the order of the search.
//
// Workers run them in any order; their results count in this one. What a part leaves takes its
// place in the order.
#pragma once

#include <algorithm>
#include <list>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "explore/strategy.hpp"
#include "session/part_runner.hpp"

namespace kloom::session {

class PartQueue {
  public:
    struct Entry {
        size_t ticket = 0;
        std::optional<size_t> left_by;  // the part of whose rest it is
        explore::Part part;
        bool is_started = false;
        bool is_lost = false;  // whoever ran it died
        std::optional<PartResult> result;
    };

    explicit PartQueue(const std::vector<explore::Part>& parts) { insert(entries_.end(), parts, std::nullopt); }

    bool empty() const { return entries_.empty(); }
    bool is_last() const { return entries_.size() == 1; }  // the front is
    const Entry& front() const { return entries_.front(); }
    // The parts that together are what the queue holds, as if nobody had run any of it.
    std::vector<explore::Part> unfinished() const {
        std::vector<explore::Part> parts;
        std::set<size_t> contained;  // with their rest, in a part that is listed
        for (const Entry& entry : entries_) {
            const bool is_contained = entry.left_by && contained.contains(*entry.left_by);
            if (!is_contained) parts.push_back(entry.part);
            if (is_contained || entry.result) contained.insert(entry.ticket);
        }
        return parts;
    }
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
        if (entry->result) insert(std::next(entry), entry->result->rest, ticket);
    }

  private:
    void insert(std::list<Entry>::iterator before, const std::vector<explore::Part>& parts,
                std::optional<size_t> left_by) {
        for (const explore::Part& part : parts)
            entries_.insert(before, {.ticket = next_ticket_++,
                                     .left_by = left_by,
                                     .part = part,
                                     .is_started = false,
                                     .is_lost = false,
                                     .result = std::nullopt});
    }

    std::list<Entry> entries_;
    size_t next_ticket_ = 0;
};

}  // namespace kloom::session
