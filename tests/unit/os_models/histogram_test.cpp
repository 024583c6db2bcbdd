#include "os_models/timed/histogram.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "base/prng.hpp"

namespace kloom::os_models {
namespace {

using Times = std::vector<uint64_t>;

constexpr double kRanks[] = {0, 0.01, 0.25, 0.5, 0.9, 0.95, 0.99, 0.999, 1};

std::unique_ptr<LatencyHistogram> histogram_of(const Times& times) {
    auto histogram = std::make_unique<LatencyHistogram>();
    for (const uint64_t ns : times) histogram->add(ns);
    return histogram;
}

// By sorting: the least of `times` that so large a share does not exceed, rounded as the histogram does.
uint64_t exact_percentile(Times times, double rank) {
    std::sort(times.begin(), times.end());
    const auto wanted = static_cast<size_t>(rank * static_cast<double>(times.size()) + 0.5);
    return times[std::max<size_t>(wanted, 1) - 1];
}

// Of all magnitudes.
Times random_times(uint64_t seed, size_t count) {
    base::Prng prng(seed);
    Times times;
    for (size_t i = 0; i < count; ++i) times.push_back(prng.next() >> prng.below(64));
    return times;
}

TEST(LatencyHistogram, AnEmptyOneSaysZero) {
    const auto histogram = histogram_of({});

    EXPECT_EQ(histogram->count(), 0u);
    EXPECT_EQ(histogram->max_ns(), 0u);
    EXPECT_EQ(histogram->percentile_ns(0.99), 0u);
}

TEST(LatencyHistogram, SmallTimesAreExact) {
    Times times;
    for (uint64_t ns = 0; ns < LatencyHistogram::kColumnsPerOctave; ++ns) times.push_back(ns);
    const auto histogram = histogram_of(times);

    for (const double rank : kRanks) EXPECT_EQ(histogram->percentile_ns(rank), exact_percentile(times, rank)) << rank;
}

TEST(LatencyHistogram, TheLargestIsExact) {
    const auto histogram = histogram_of({5, 1'000'003, 17});

    EXPECT_EQ(histogram->max_ns(), 1'000'003u);
    EXPECT_EQ(histogram->percentile_ns(1), 1'000'003u);
}

TEST(LatencyHistogram, ColumnsLieSideBySide) {
    for (uint32_t column = 0; column + 1 < LatencyHistogram::kColumns; ++column) {
        const uint64_t last = LatencyHistogram::last_of(column);
        ASSERT_EQ(LatencyHistogram::column_of(last), column);
        ASSERT_EQ(LatencyHistogram::column_of(last + 1), column + 1);
    }
    EXPECT_EQ(LatencyHistogram::column_of(~uint64_t{0}), LatencyHistogram::kColumns - 1);
}

TEST(LatencyHistogram, PercentilesAreAtMostASixteenthTooLarge) {
    for (uint64_t seed = 1; seed <= 20; ++seed) {
        const Times times = random_times(seed, 1 + seed * 50);
        const auto histogram = histogram_of(times);
        for (const double rank : kRanks) {
            const uint64_t exact = exact_percentile(times, rank);
            const uint64_t shown = histogram->percentile_ns(rank);
            EXPECT_GE(shown, exact) << "seed " << seed << ", rank " << rank;
            EXPECT_LE(shown - exact, exact / 16) << "seed " << seed << ", rank " << rank;
        }
    }
}

TEST(LatencyHistogram, TwoTogetherAreTheHistogramOfAllTimes) {
    Times times = random_times(1, 300);
    const Times more = random_times(2, 700);
    const auto together = histogram_of(times);
    together->add(*histogram_of(more));
    times.insert(times.end(), more.begin(), more.end());
    const auto all = histogram_of(times);

    EXPECT_EQ(together->count(), 1000u);
    EXPECT_EQ(together->max_ns(), all->max_ns());
    for (uint32_t column = 0; column < LatencyHistogram::kColumns; ++column)
        ASSERT_EQ(together->count_in(column), all->count_in(column)) << column;
}

}  // namespace
}  // namespace kloom::os_models
