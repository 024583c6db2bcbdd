// LockService: which path holds which lock, and who sleeps until a lock comes to him.
//
// The state that decides (owner, number of readers, count) lies in the module's lock objects,
// because it must be there that a module breaks it, and because module memory is restored between
// executions. This service keeps what must survive a broken object: the locks that each path holds,
// for lockdep_assert_held(), and the sleepers in the order of their arrival.
//
// How a lock is taken:
//
//   spinning   one step that is ready while the lock is free; what the lock switches off
//   (preemption, softirqs, interrupts)
//              is switched off in the same step. Waiting with it on instead adds interleavings that
//              exist anyway, before the call, and saves a step for each lock.
//   sleeping   one step; if the lock is taken, queue as a Sleeper and sleep, then step again.
//
// A release is one step on the lock. Only if there are sleepers, a second, global one wakes them.
//
// Fairness: a path that is parked in front of a lock may not have reached it yet, so others may
// take it first. But Linux's locks do not let others pass for ever, and a search that did would
// find hangs that do not exist: after kPassesMax times it is the waiter's turn.
#pragma once

#include <cstdint>
#include <vector>

#include "kernel/kernel.hpp"

struct lock_class_key;
struct lockdep_map;

namespace kloom::kernel {

struct TaskRecord;

// How often others may get a lock before a path that waits for it.
inline constexpr unsigned kPassesMax = 3;

// What is said about a lock whenever it is used.
struct LockIdentity {
    const void* address = nullptr;
    const lockdep_map* map = nullptr;  // its class; null: none
    uint16_t flags = 0;                // trace::LockFlags
};

// A task that waits until something of the kernel's comes to it. Lives on its stack while it is
// queued.
struct Sleeper {
    const void* object = nullptr;
    TaskRecord* task = nullptr;
    unsigned owner = 0;  // the number of its path, for a releaser that hands over
    bool is_reader = false;
    bool is_queued = false;
    bool is_granted = false;  // the releaser has taken the object on its behalf
    unsigned passes = 0;      // times it was woken and found the object taken
    uint64_t ticket = 0;  // its place in the queue, kept when it has to queue again; 0: none yet
};

// A path that waits for a spinning lock. Lives on its stack while it waits.
struct SpinWait {
    const void* lock = nullptr;
    bool (*is_free)(const void* lock) = nullptr;  // for this kind of waiter
    bool is_shared = false;                       // a reader
    const machine::Path* path = nullptr;
    unsigned passes = 0;
};

class SleeperQueue {
  public:
    void clear();
    void add(Sleeper& sleeper);
    void remove(Sleeper& sleeper);
    // The one that has waited longest for `object`; null if nobody waits.
    Sleeper* first(const void* object) const;
    Sleeper* first_reader(const void* object) const { return first_of(object, true); }
    Sleeper* first_writer(const void* object) const { return first_of(object, false); }
    // Takes it off the queue and wakes its task. The caller stepped (Global).
    void wake(Sleeper& sleeper);
    void wake_all(const void* object);

  private:
    Sleeper* first_of(const void* object, bool is_reader) const;

    std::vector<Sleeper*> sleepers_;  // by ticket: in the order of their arrival
    uint64_t last_ticket_ = 0;
};

class LockService final : public Service {
  public:
    explicit LockService(machine::Machine& machine);

    void begin_execution() override;

    void note_acquired(const LockIdentity& lock);
    // Forgets one hold of `lock` by `owner`.
    void note_released(const void* lock, trace::PathId owner);
    bool is_held_by(const void* lock, trace::PathId path) const;
    // By the current path or one that it interrupted; `lock` null: any lock.
    bool is_held_here(const void* lock, bool shared_counts, bool exclusive_counts) const;

    // The lock of the current path to which `map` belongs; empty if it holds none.
    LockIdentity held_with_map(const lockdep_map* map) const;
    // Whether the current path holds a lock of the class.
    bool holds_class(const lock_class_key* key) const;

    // Holds that lock_release() said are given away, until lock_acquire() says who has them now.
    void give_away(const LockIdentity& lock) { given_away_.push_back(lock); }
    // The latest with this map, which it forgets; empty if there is none.
    LockIdentity take_over(const lockdep_map* map);

    SleeperQueue& sleepers() { return sleepers_; }

    // Parks the current path until it may take a spinning lock: its step.
    void spin(const void* lock, bool (*is_free)(const void*), bool is_shared);

  private:
    static bool may_take(const void* wait);
    bool is_passed_over(const SpinWait& wait) const;

    struct Hold {
        LockIdentity lock;
        trace::PathId path;
        bool is_shared() const { return (lock.flags & trace::kLockShared) != 0; }
    };

    std::vector<Hold> holds_;
    std::vector<LockIdentity> given_away_;
    std::vector<SpinWait*> spinners_;
    SleeperQueue sleepers_;
};

// ---- words that all locks use; they concern the current path
// --------------------------------------------------------------

// The number that lock objects hold for the current path; 0 stands for nobody.
unsigned current_owner();
trace::PathId path_of_owner(unsigned owner);

// Ends the execution with a finding when `object` cannot even be looked at. For before a step that
// asks the object.
void require_memory(const void* object, size_t size, const char* function);
// The memory of an object that a path waits for was freed: the wait is over, and its use afterwards
// is the finding.
bool is_gone(const void* object);

void emit_lock_init(const LockIdentity& lock, size_t size);
void emit_lock_destroy(const LockIdentity& lock);
void emit_lock_request(const LockIdentity& lock, unsigned subclass);
// Taken; `extra_flags` such as kLockTry.
void emit_lock_acquire(const LockIdentity& lock, unsigned subclass, uint16_t extra_flags = 0);
// About to be released; `owner` as the lock object records it.
void emit_lock_release(const LockIdentity& lock, trace::PathId owner);

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
