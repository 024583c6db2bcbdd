#include "explore/sparse_random.hpp"

#include <gtest/gtest.h>

#include <set>

namespace kloom::explore {
namespace {

constexpr int kPoints = 10;

// One execution of kPoints choice points with two alternatives each; returns where it deviated.
std::vector<int> run(SparseRandomSearch& search) {
    const std::vector<trace::Alternative> alternatives = {
        {.choice = {.cpu = trace::CpuId(0)}, .cost = 0},
        {.choice = {.cpu = trace::CpuId(1)}, .cost = 1}};
    std::vector<int> deviations;
    EXPECT_TRUE(search.begin_execution());
    for (int point = 0; point < kPoints; ++point)
        if (search.choose({.position = static_cast<uint64_t>(point),
                           .running = trace::kNoPath,
                           .alternatives = alternatives}) != 0)
            deviations.push_back(point);
    search.end_execution({});
    EXPECT_EQ(search.schedule().size(), deviations.size());
    return deviations;
}

TEST(SparseRandomSearch, TheFirstExecutionIsUndisturbed) {
    SparseRandomSearch search(1, 3);

    EXPECT_TRUE(run(search).empty());
}

TEST(SparseRandomSearch, LaterOnesDeviateAtAFewPlaces) {
    constexpr size_t kDeviationsMax = 3;
    SparseRandomSearch search(1, kDeviationsMax);
    std::set<int> places;
    run(search);

    for (int execution = 0; execution < 200; ++execution) {
        const std::vector<int> deviations = run(search);
        EXPECT_GE(deviations.size(), 1u);
        EXPECT_LE(deviations.size(), kDeviationsMax);
        places.insert(deviations.begin(), deviations.end());
    }

    EXPECT_EQ(places.size(), size_t{kPoints});  // a place is missed with a chance of (9/10)^200
}

TEST(SparseRandomSearch, ASeedDecidesAll) {
    SparseRandomSearch one(7, 3);
    SparseRandomSearch same(7, 3);
    SparseRandomSearch other(8, 3);
    bool differs = false;

    for (int execution = 0; execution < 20; ++execution) {
        const std::vector<int> deviations = run(one);
        EXPECT_EQ(deviations, run(same));
        differs |= deviations != run(other);
    }

    EXPECT_TRUE(differs);
}

}  // namespace
}  // namespace kloom::explore
