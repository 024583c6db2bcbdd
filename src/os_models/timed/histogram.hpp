// LatencyHistogram: times from nanoseconds to hours with a relative error of at most 1/16, in constant space.
//
// Columns are linear between powers of two (the layout of HdrHistogram, Tene 2012).
#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace kloom::os_models {

class LatencyHistogram {
  public:
    static constexpr uint32_t kColumnsPerOctave = 32;
    static constexpr uint32_t kColumns = 61 * kColumnsPerOctave / 2;

    void add(uint64_t ns) {
        ++counts_[column_of(ns)];
        ++count_;
        if (ns > max_ns_) max_ns_ = ns;
    }

    void add(const LatencyHistogram& other) {
        for (uint32_t column = 0; column < kColumns; ++column) counts_[column] += other.counts_[column];
        count_ += other.count_;
        if (other.max_ns_ > max_ns_) max_ns_ = other.max_ns_;
    }

    uint64_t count() const { return count_; }
    uint64_t max_ns() const { return max_ns_; }
    uint64_t count_in(uint32_t column) const { return counts_[column]; }

    // The time that the share `rank` of all does not exceed. 0 when there are none.
    uint64_t percentile_ns(double rank) const {
        const auto wanted = static_cast<uint64_t>(rank * static_cast<double>(count_) + 0.5);
        uint64_t seen = 0;
        for (uint32_t column = 0; column < kColumns; ++column) {
            seen += counts_[column];
            if (seen != 0 && seen >= wanted) return last_of(column) < max_ns_ ? last_of(column) : max_ns_;
        }
        return max_ns_;
    }

    static uint32_t column_of(uint64_t ns) {
        if (ns < kColumnsPerOctave) return static_cast<uint32_t>(ns);
        const auto shift = static_cast<uint32_t>(std::bit_width(ns)) - kBits;
        return shift * kColumnsPerOctave / 2 + static_cast<uint32_t>(ns >> shift);
    }

    // The longest time that falls into the column.
    static uint64_t last_of(uint32_t column) {
        if (column < kColumnsPerOctave) return column;
        const uint32_t shift = column / (kColumnsPerOctave / 2) - 1;
        const uint64_t mantissa = column - shift * kColumnsPerOctave / 2;
        return ((mantissa + 1) << shift) - 1;
    }

  private:
    static constexpr uint32_t kBits = 5;  // of kColumnsPerOctave

    std::array<uint64_t, kColumns> counts_{};
    uint64_t count_ = 0;
    uint64_t max_ns_ = 0;
};

}  // namespace kloom::os_models
