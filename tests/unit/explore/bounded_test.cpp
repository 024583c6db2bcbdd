// BoundedSearch, driven by hand-written choice points.
#include "explore/bounded.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace kloom::explore {
namespace {

// Offers the default and one alternative at `position`; returns the index chosen.
size_t offer(BoundedSearch& search, uint64_t position, uint8_t cost) {
    const std::vector<trace::Alternative> alternatives = {
        {.choice = {.cpu = trace::CpuId(0)}, .cost = 0},
        {.choice = {.cpu = trace::CpuId(1)}, .cost = cost},
    };
    return search.choose(
        {.position = position, .running = trace::kNoPath, .alternatives = alternatives});
}

// Runs the whole search over executions of the same choice points; each execution as a text of 0
// and 1.
std::multiset<std::string> explore(BoundedSearch& search, const std::vector<uint8_t>& costs) {
    std::multiset<std::string> executions;
    while (search.begin_execution()) {
        std::string choices;
        for (size_t index = 0; index < costs.size(); ++index)
            choices += std::to_string(offer(search, 10 * index, costs[index]));
        search.end_execution({});
        executions.insert(choices);
    }
    return executions;
}

TEST(BoundedSearch, TakesEachScheduleWithinTheBoundOnce) {
    BoundedSearch search(1);

    const auto executions = explore(search, {1, 0, 1});

    EXPECT_EQ(executions, (std::multiset<std::string>{"000", "001", "010", "011", "100", "110"}));
    EXPECT_TRUE(search.is_complete());
    EXPECT_FALSE(search.is_exhaustive());
}

TEST(BoundedSearch, IsExhaustiveWhenTheBoundLeavesNothingOut) {
    BoundedSearch search(2);

    EXPECT_EQ(explore(search, {1, 0, 1}).size(), 8u);
    EXPECT_TRUE(search.is_exhaustive());
}

// The points at 3 and 6; the second execution deviates at 6.
TEST(BoundedSearch, OtherChoicePointsUnderTheSameChoicesAreADivergence) {
    for (const uint64_t instead_of_the_second : {5, 7}) {
        BoundedSearch search(1);
        search.begin_execution();
        offer(search, 3, 0);
        offer(search, 6, 1);
        search.end_execution({});

        search.begin_execution();
        offer(search, 3, 0);
        EXPECT_FALSE(search.has_diverged());
        EXPECT_EQ(offer(search, instead_of_the_second, 1), trace::Chooser::kAbandon);
        EXPECT_TRUE(search.has_diverged());
    }
}

}  // namespace
}  // namespace kloom::explore
