// What the sleeping locks and completions share: one task's wait for one object, in rounds of
//
//   step on the object; can I have it? else: did a signal or the end of the time come? else: sleep
#pragma once

#include "kernel/sync/locks.hpp"

struct list_head;

namespace kloom::kernel {

enum class WaitEnd : uint8_t { None, Signal, Time };

class SleepingWait {
  public:
    // `state` in which to sleep (TASK_INTERRUPTIBLE ...), `what` for reports, `deadline` 0 if there
    // is none.
    SleepingWait(const void* object, unsigned state, const char* what, VirtualTime deadline = 0);

    Sleeper& sleeper() { return sleeper_; }
    // Why it must give up now, if it must.
    WaitEnd end() const;
    // Queues, unless it is queued, and sleeps.
    void sleep();
    // Leaves the queue. Call it whenever the wait is over.
    void leave();

  private:
    Sleeper sleeper_;
    unsigned state_;
    const char* what_;
    VirtualTime deadline_;
    bool is_in_time_ = true;
};

// The list head of an object that was never initialised holds null pointers, on which Linux crashes
// as soon as it queues a waiter.
void require_initialised(const list_head& wait_list, const char* function);

// Wakes whoever has waited longest for `object`, in a step of its own.
void wake_first_sleeper(const void* object);

}  // namespace kloom::kernel
