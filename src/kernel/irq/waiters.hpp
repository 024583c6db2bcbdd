// Tasks that wait for something of the kernel's own to end: a thread of a handler, a tasklet, a work item.
#pragma once

#include <vector>

#include "kernel/kernel.hpp"

namespace kloom::kernel {

struct TaskRecord;

class Waiters {
  public:
    void reset() { entries_.clear(); }
    // Sleeps until wake(object), or spuriously, and steps (Global): the caller looks at its condition again. The caller has
    // stepped before it looked. `what` is a literal for reports.
    void wait(const void* object, const char* what);
    // The caller has stepped (Global).
    void wake(const void* object);

  private:
    struct Entry {
        const void* object;
        TaskRecord* task;
    };
    std::vector<Entry> entries_;
};

// A path that cannot sleep is about to: Linux prints "scheduling while atomic" and is lost. The execution ends there.
void check_can_sleep();

}  // namespace kloom::kernel
