#include "os_models/timed/event_queue.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <tuple>
#include <vector>

#include "base/prng.hpp"

namespace kloom::os_models {
namespace {

using Popped = std::vector<uint32_t>;

// Ids in the order in which they come.
Popped drained(EventQueue& queue) {
    Popped ids;
    while (!queue.is_empty()) ids.push_back(queue.pop().id);
    return ids;
}

TEST(EventQueue, EarlierTimesComeFirst) {
    EventQueue queue(4);
    queue.set(0, 30);
    queue.set(1, 10);
    queue.set(2, 40);
    queue.set(3, 20);

    EXPECT_EQ(queue.next_time_ns(), 10u);
    EXPECT_EQ(drained(queue), (Popped{1, 3, 0, 2}));
}

TEST(EventQueue, EqualTimesComeInTheOrderOfSetting) {
    EventQueue queue(100);
    Popped set;
    for (uint32_t i = 0; i < 100; ++i) {
        set.push_back(i * 37 % 100);
        queue.set(set.back(), 5);
    }

    EXPECT_EQ(drained(queue), set);
}

TEST(EventQueue, AnEventCanMoveEarlier) {
    EventQueue queue(3);
    queue.set(0, 10);
    queue.set(1, 20);
    queue.set(2, 30);

    queue.set(2, 5);

    EXPECT_EQ(queue.next_time_ns(), 5u);
    EXPECT_EQ(drained(queue), (Popped{2, 0, 1}));
}

TEST(EventQueue, AnEventThatMovesToItsOwnTimeKeepsItsPlace) {
    EventQueue queue(6);
    for (uint32_t id = 0; id < 6; ++id) queue.set(id, 10);

    queue.set(0, 10);

    EXPECT_EQ(drained(queue), (Popped{0, 1, 2, 3, 4, 5}));
}

TEST(EventQueue, AnIdIsFreeAgainOnceItsEventHasCome) {
    EventQueue queue(1);
    queue.set(0, 10);
    EXPECT_EQ(queue.pop().time_ns, 10u);

    queue.set(0, 20);

    EXPECT_EQ(queue.pop().time_ns, 20u);
    EXPECT_TRUE(queue.is_empty());
}

TEST(EventQueueDeathTest, AnEventDoesNotMoveLater) {
    EventQueue queue(1);
    queue.set(0, 10);

    EXPECT_DEATH(queue.set(0, 11), "an event moves to a later time");
}

// The queue beside a sorted set of (time, order, id). Deterministic: there is no chance of a false failure.
class Pair {
  public:
    explicit Pair(uint32_t ids) : queue_(ids) {}

    void set(uint32_t id, uint64_t time_ns) {
        queue_.set(id, time_ns);
        if (const auto old = places_.find(id); old != places_.end()) {
            if (std::get<0>(old->second) == time_ns) return;
            sorted_.erase(old->second);
        }
        places_[id] = *sorted_.emplace(time_ns, ++order_, id).first;
    }
    void pop_and_compare() {
        const EventQueue::Event event = queue_.pop();
        const auto [time_ns, order, id] = *sorted_.begin();
        ASSERT_EQ(event.id, id);
        ASSERT_EQ(event.time_ns, time_ns);
        sorted_.erase(sorted_.begin());
        places_.erase(id);
    }
    bool is_empty() const { return sorted_.empty(); }
    // Of the event of `id`; `otherwise` if it has none.
    uint64_t time_of(uint32_t id, uint64_t otherwise) const {
        const auto place = places_.find(id);
        return place == places_.end() ? otherwise : std::get<0>(place->second);
    }

  private:
    using Place = std::tuple<uint64_t, uint64_t, uint32_t>;

    EventQueue queue_;
    std::set<Place> sorted_;
    std::map<uint32_t, Place> places_;
    uint64_t order_ = 0;
};

TEST(EventQueue, RandomOperationsAgreeWithASortedSet) {
    for (uint64_t seed = 1; seed <= 20; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        base::Prng prng(seed);
        const auto ids = static_cast<uint32_t>(1 + prng.below(200));
        const uint64_t times = 1 + prng.below(500);  // few, so that many are equal
        Pair pair(ids);

        for (int step = 0; step < 3000; ++step) {
            if (prng.below(3) != 0 || pair.is_empty()) {
                const auto id = static_cast<uint32_t>(prng.below(ids));
                pair.set(id, prng.below(pair.time_of(id, times) + 1));
            } else {
                pair.pop_and_compare();
            }
            if (HasFatalFailure()) return;
        }
        while (!pair.is_empty()) {
            pair.pop_and_compare();
            if (HasFatalFailure()) return;
        }
    }
}

}  // namespace
}  // namespace kloom::os_models
