// A histogram of non-negative numbers, such as latencies, that many threads record into.
//
// Buckets are as wide as one part in 2^kPrecisionBits of what they hold: values below 2^kPrecisionBits have one each, each power
// of two above has 2^kPrecisionBits.
//
// Cost: record() is a few instructions and one sequence; reading takes time in proportion to buckets and possible_cpus().
// Memory: 8 bytes for each bucket and CPU that recorded, in pages: 3,968 bytes with 3 bits.
// Context: record() anywhere; the rest in threads.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "percpu/allocate.hpp"

namespace percpu {

template <int kPrecisionBits = 3>
class histogram {
    static_assert(kPrecisionBits >= 0 && kPrecisionBits <= 6);
    static constexpr std::uint64_t kParts = std::uint64_t{1} << kPrecisionBits;

  public:
    static constexpr std::size_t kBuckets = (64 - kPrecisionBits + 1) * kParts;

    using snapshot_type = std::array<std::uint64_t, kBuckets>;

    histogram() : counts_(allocate<std::uint64_t[kBuckets]>()) {}

    // False when there was no memory; nothing is recorded then.
    explicit operator bool() const { return static_cast<bool>(counts_); }

    [[gnu::always_inline]] void record(std::uint64_t value) {
        if (counts_) [[likely]] counts_[bucket_of(value)].inc();
    }

    // How often each bucket was hit. What is recorded meanwhile may be in or not, each for itself.
    [[nodiscard]] snapshot_type snapshot() const {
        snapshot_type total{};
        for (std::size_t bucket = 0; counts_ && bucket < kBuckets; ++bucket) total[bucket] = counts_[bucket].sum();
        return total;
    }

    [[nodiscard]] std::uint64_t count() const {
        std::uint64_t count = 0;
        for (const std::uint64_t hits : snapshot()) count += hits;
        return count;
    }

    // The smallest bucket bound that at least `fraction` of what was recorded does not exceed; 0 of an empty histogram.
    // Requires: 0 <= fraction <= 1.
    [[nodiscard]] std::uint64_t quantile(double fraction) const {
        const snapshot_type total = snapshot();
        std::uint64_t count = 0;
        for (const std::uint64_t hits : total) count += hits;
        std::uint64_t seen = 0;
        for (std::size_t bucket = 0; bucket < kBuckets; ++bucket) {
            seen += total[bucket];
            if (seen != 0 && static_cast<double>(seen) >= fraction * static_cast<double>(count)) return highest_in(bucket);
        }
        return 0;
    }

    // Values of 2^k and more, below 2^(k+1), are told apart by the kPrecisionBits bits that follow the first.
    static constexpr std::size_t bucket_of(std::uint64_t value) {
        if (value < kParts) return value;
        const int shift = std::bit_width(value) - 1 - kPrecisionBits;
        return static_cast<std::size_t>(shift) * kParts + (value >> shift);
    }
    static constexpr std::uint64_t lowest_in(std::size_t bucket) {
        if (bucket < 2 * kParts) return bucket;
        const std::size_t shift = bucket / kParts - 1;
        return (bucket % kParts + kParts) << shift;
    }
    static constexpr std::uint64_t highest_in(std::size_t bucket) {
        return bucket + 1 == kBuckets ? ~std::uint64_t{0} : lowest_in(bucket + 1) - 1;
    }

  private:
    owned<std::uint64_t[kBuckets]> counts_;
};

}  // namespace percpu
