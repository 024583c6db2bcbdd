// LockService: which path holds which lock, and who sleeps until a lock comes to him.
//
// The state that decides (owner, number of readers, count) lies in the module's lock objects, because it must be there that a
// module breaks it, and because module memory is restored between executions. This service keeps what must survive a broken
// object: the locks that each path holds, for lockdep_assert_held(), and the sleepers in the order of their arrival.
//
// How a lock is taken:
//
//   spinning   one step that is ready while the lock is free; what the lock switches off (preemption, softirqs, interrupts)
//              is switched off in the same step. Waiting with it on instead adds interleavings that exist anyway, before
//              the call, and saves a step for each lock.
//   sleeping   one step; if the lock is taken, queue as a Sleeper and sleep, then step again.
//
// A release is one step on the lock. Only if there are sleepers, a second, global one wakes them.
#pragma once

#include <cstdint>
#include <vector>

#include "kernel/kernel.hpp"

struct lockdep_map;

namespace kloom::kernel {

struct TaskRecord;

// What is said about a lock whenever it is used.
struct LockIdentity {
    const void* address = nullptr;
    const lockdep_map* map = nullptr;  // its class; null: none
    uint16_t flags = 0;                // trace::LockFlags
};

// A task that waits until something of the kernel's comes to it. Lives on its stack while it is queued.
struct Sleeper {
    const void* object = nullptr;
    TaskRecord* task = nullptr;
    unsigned owner = 0;  // the number of its path, for a releaser that hands over
    bool is_reader = false;
    bool is_queued = false;
    bool is_granted = false;  // the releaser has taken the object on its behalf
};

class SleeperQueue {
  public:
    void clear() { sleepers_.clear(); }
    void add(Sleeper& sleeper);
    void remove(Sleeper& sleeper);
    // The one that has waited longest for `object`; null if nobody waits.
    Sleeper* first(const void* object) const;
    // Takes it off the queue and wakes its task. The caller stepped (Global).
    void wake(Sleeper& sleeper);
    void wake_all(const void* object);

  private:
    std::vector<Sleeper*> sleepers_;  // in the order of their arrival
};

class LockService final : public Service {
  public:
    explicit LockService(machine::Machine& machine);

    void begin_execution() override;

    void note_acquired(const void* lock, bool is_shared);
    // Forgets one hold of `lock` by `owner`.
    void note_released(const void* lock, trace::PathId owner);
    bool is_held_by(const void* lock, trace::PathId path) const;
    // By the current path or one that it interrupted; `lock` null: any lock.
    bool is_held_here(const void* lock, bool shared_counts, bool exclusive_counts) const;

    SleeperQueue& sleepers() { return sleepers_; }

  private:
    struct Hold {
        const void* lock;
        trace::PathId path;
        bool is_shared;
    };

    std::vector<Hold> holds_;
    SleeperQueue sleepers_;
};

// ---- words that all locks use; they concern the current path --------------------------------------------------------------

// The number that lock objects hold for the current path; 0 stands for nobody.
unsigned current_owner();
trace::PathId path_of_owner(unsigned owner);

// Ends the execution with a finding when `object` cannot even be looked at. For before a step that asks the object.
void require_memory(const void* object, size_t size, const char* function);

void emit_lock_init(const LockIdentity& lock, size_t size);
void emit_lock_destroy(const LockIdentity& lock);
void emit_lock_request(const LockIdentity& lock, unsigned subclass);
// Taken; `extra_flags` such as kLockTry.
void emit_lock_acquire(const LockIdentity& lock, unsigned subclass, uint16_t extra_flags = 0);
// About to be released; `owner` as the lock object records it.
void emit_lock_release(const LockIdentity& lock, trace::PathId owner);

// Parks until `is_ready(object)`.
void step_until(const void* object, bool (*is_ready)(const void*));
// A look at `object` that changes nothing.
void step_read(const void* object);

// A function that may sleep begins.
void begin_sleeping_function(const char* function);

// What a spinning lock switches off besides preemption: kloom_lock_context of linux/spinlock.h.
void enter_lock_context(int context);
void leave_lock_context(int context);
// The variants that save and restore the interrupt flag.
unsigned long enter_lock_context_saving_irqs();
void leave_lock_context_restoring_irqs(unsigned long flags);

}  // namespace kloom::kernel
