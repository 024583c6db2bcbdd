// WaitQueueService: the hashed queues of linux/wait_bit.h, and walking a wait queue.
//
// A wait queue is a list in module memory, linked and walked here as in Linux, because modules
// bring entries and wake functions of their own. An operation on a queue is one step that is ready
// while the head's lock is free, so it is atomic without taking the lock; only while a wake
// function of the module runs is the lock really held.
#pragma once

#include <cstddef>
#include <memory>

#include "kernel/kernel.hpp"

struct wait_queue_entry;
struct wait_queue_head;

namespace kloom::kernel {

class WaitQueueService final : public Service {
  public:
    explicit WaitQueueService(machine::Machine& machine);
    ~WaitQueueService() override;

    void begin_execution() override;

    // The queue on which one waits for a bit or a variable.
    wait_queue_head* queue_of(const void* object, int bit);

  private:
    static constexpr size_t kHashedQueues = 256;

    std::unique_ptr<wait_queue_head[]> hashed_queues_;
    bool is_used_ = false;
};

// For kernel services that have a wait queue in an object of the module. The caller stepped
// (Global): wakes all waiters that are not exclusive and `nr_exclusive` that are (0: all). Returns
// how many more exclusive ones could have been woken.
int wake_queue(wait_queue_head* head, unsigned mode, int nr_exclusive, int flags, void* key);

// What default_wake_function() does, for the kernel's own wake functions. The caller stepped
// (Global).
int wake_entry(wait_queue_entry* entry, unsigned mode);

// Queues the entry for the running task in `state`, by whoever may hold the head's lock;
// -ERESTARTSYS, with the entry not queued, when a signal is there. Steps.
long queue_for_event(wait_queue_head* head, wait_queue_entry* entry, unsigned state);

}  // namespace kloom::kernel
