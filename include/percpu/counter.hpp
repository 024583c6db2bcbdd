// A counter that many threads add to and that is read in two ways: exactly, and at once.
//
// Each CPU keeps what was added on it until that reaches `batch`, and then moves it to a shared sum.
//
// Cost: add() is one sequence, and once for `batch` a locked addition; approximate() is one load; sum() takes time in proportion to
// possible_cpus(). Memory: 8 bytes for each CPU, and the object.
// Context: add() and approximate() anywhere but for the first add(), which makes the copies (percpu/variable.hpp).
#pragma once

#include <atomic>
#include <cstdint>

#include "percpu/variable.hpp"

namespace percpu {

// May be constinit, and a member of objects that come and go.
class counter {
  public:
    static constexpr std::int64_t kBatchDefault = 1024;

    constexpr counter() = default;
    // Requires: batch >= 1.
    constexpr explicit counter(std::int64_t batch) : batch_(batch) {}

    [[gnu::always_inline]] void add(std::int64_t value) {
        const std::int64_t here = local_.add_return(value);
        if (here >= batch_ || here <= -batch_) [[unlikely]] shared_.fetch_add(local_.exchange(0), std::memory_order_relaxed);
    }
    [[gnu::always_inline]] void inc() { add(1); }
    [[gnu::always_inline]] void dec() { add(-1); }

    // The exact sum when nobody adds meanwhile. While others add, what they are just moving may be missing or counted twice.
    [[nodiscard]] std::int64_t sum() const { return shared_.load(std::memory_order_relaxed) + local_.sum(); }

    // The sum, but for at most error_bound() in either direction.
    [[nodiscard]] std::int64_t approximate() const { return shared_.load(std::memory_order_relaxed); }

    // As long as no single add() is larger than the batch; one that is being moved counts too.
    [[nodiscard]] std::int64_t error_bound() const { return 2 * batch_ * (possible_cpus() + 1); }

  private:
    variable<std::int64_t> local_;
    std::atomic<std::int64_t> shared_{0};  // relaxed: a number, it publishes nothing
    std::int64_t batch_ = kBatchDefault;
};

}  // namespace percpu
