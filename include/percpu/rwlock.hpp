// A readers-writer lock whose readers do not meet: each counts on its CPU's copy.
//
// A writer raises a flag, makes all CPUs restart their sequences, and from then on no reader counts itself in; when the
// copies add up to zero the last one is out. Readers who find the flag sleep until the writer is done.
//
// Usable with std::shared_lock and std::unique_lock.
//
// Cost: a reader's pair is two sequences; a writer's pair two system calls and time in proportion to possible_cpus(). For data that
// are read very much more often than written. Memory: 8 bytes for each CPU.
// Writers go first: a thread that reads twice at once can wait for a writer that waits for it.
// Where the kernel cannot restart sequences (before Linux 5.10) readers use a locked addition on one copy.
// Context: threads; all but the try forms may sleep.
#pragma once

#include <pthread.h>

#include <cstdint>

#include "percpu/allocate.hpp"

namespace percpu {

class rwlock {
  public:
    rwlock();
    ~rwlock();
    rwlock(const rwlock&) = delete;
    rwlock& operator=(const rwlock&) = delete;

    [[gnu::always_inline]] void lock_shared() {
        if (!detail::sequence::add_unless(readers_.handle(), 1, &closed_)) [[unlikely]] lock_shared_slowly();
    }
    [[nodiscard]] bool try_lock_shared();
    // By any thread, not only the one that locked.
    [[gnu::always_inline]] void unlock_shared() {
        if (PERCPU_ATOMIC || is_slow_) [[unlikely]] return unlock_shared_slowly();
        detail::sequence::add_release(readers_.handle(), static_cast<std::uint64_t>(-1));  // the writer sees what was read before
        // Either the writer's sum sees the line above, or this line sees the writer: its restart is a barrier on this CPU.
        std::atomic_signal_fence(std::memory_order_seq_cst);
        if (__atomic_load_n(&closed_, __ATOMIC_RELAXED) != 0) [[unlikely]] wake_writer();
    }

    void lock();
    [[nodiscard]] bool try_lock();
    void unlock();

  private:
    void lock_shared_slowly();
    void unlock_shared_slowly();
    void wake_writer();
    bool enter_slowly();
    void close();
    void open();
    void see_what_readers_did() const;

    owned<std::uint64_t> readers_;  // the sum counts; a reader may leave on another CPU than it entered
    std::uint32_t closed_;          // read by sequences: kWriter, or kNoSequences in a process where they cannot be restarted
    bool is_slow_;
    std::uint32_t departures_ = 0;  // what a writer sleeps on
    pthread_mutex_t writers_ = PTHREAD_MUTEX_INITIALIZER;
};

}  // namespace percpu
