// A reference count for objects that many threads use and one ends: the kernel's percpu_ref.
//
// While the object lives nobody needs to know the number of references, so getting and putting one changes this CPU's copy only. kill()
// drops the first reference, adds the copies up, and from then on one atomic number is counted down to zero.
//
//     percpu::refcount references;              // 1, the owner's
//     references.get();   ...   if (references.put()) delete object;
//     if (references.kill()) delete object;     // the owner's end
//
// Cost: get() and put() one sequence; kill() a system call and time in proportion to possible_cpus(). Threads without rseq,
// and everybody after kill(), use a locked addition. Memory: 8 bytes for each CPU.
// Where the kernel cannot restart sequences (before Linux 5.10) the count is atomic from the start.
// Context: get(), put(), try_get() anywhere; the constructor and kill() in threads.
#pragma once

#include <atomic>
#include <cstdint>

#include "percpu/allocate.hpp"

namespace percpu {

class refcount {
  public:
    refcount();
    refcount(const refcount&) = delete;
    refcount& operator=(const refcount&) = delete;

    // Requires: the caller has a reference, or the owner's has not been dropped and will not be meanwhile.
    [[gnu::always_inline]] void get() {
        if (!detail::sequence::add_unless(local_.handle(), 1, &is_atomic_)) [[unlikely]] get_atomic();
    }

    // Returns true for the last one, once: the caller ends the object. Never before kill().
    [[nodiscard, gnu::always_inline]] bool put() {
        if (detail::sequence::add_unless(local_.handle(), static_cast<std::uint64_t>(-1), &is_atomic_)) [[likely]] return false;
        return put_atomic();
    }

    // Gets a reference unless the count has reached zero. Requires: the object is there, by other means.
    [[nodiscard]] bool try_get();

    // Drops the reference that the constructor made and lets the count reach zero. Returns true when it was the last one. Once;
    // a second call aborts.
    [[nodiscard]] bool kill();

    [[nodiscard]] bool is_killed() const { return is_killed_.load(std::memory_order_acquire); }

    // The number of references after kill(). Before it, the same only while nobody changes it.
    [[nodiscard]] std::uint64_t count() const;

  private:
    void get_atomic();
    bool put_atomic();

    owned<std::uint64_t> local_;
    std::uint32_t is_atomic_;            // read by sequences; set before kill() adds the copies up
    std::atomic<bool> is_killed_{false};
    std::atomic<std::uint64_t> shared_;  // references not in the copies; with a bias until kill() has added them
};

}  // namespace percpu
