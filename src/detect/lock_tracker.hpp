// LockTracker: who holds which lock, for the detectors that need to know.
//
// Notified after them: at a LockRequest, LockAcquire or LockRelease a detector sees what was held
// before it.
#pragma once

#include <vector>

#include "detect/path_table.hpp"
#include "detect/site.hpp"

namespace kloom::detect {

// Lock names are C expressions ("&dev->lock"); longer ones are cut.
struct LockName {
    static constexpr size_t kBytes = 40;
    char text[kBytes] = {};

    void assign(const char* name);
    // "&dev->lock", or "a lock" when the kernel gave no name.
    std::string words() const { return text[0] != '\0' ? text : "a lock"; }
};

struct HeldLock {
    uintptr_t address = 0;
    uintptr_t class_key = 0;  // the lock's own address when it has no class
    uint32_t subclass = 0;
    uint16_t flags = 0;      // trace::LockFlags of the acquisition
    bool is_atomic = false;  // taken with preemption off, as spinlocks are
    Site acquired;
    LockName name;

    bool is_shared() const { return (flags & trace::kLockShared) != 0; }
    bool is_rcu() const { return (flags & trace::kLockRcu) != 0; }
};

HeldLock held_lock_of(const trace::Event& event);

class LockTracker final : public trace::Observer {
  public:
    uint64_t interests() const override;
    void begin_execution() override { held_.begin_execution(); }
    void on_event(const trace::Event& event) override;

    // In the order of acquisition.
    const std::vector<HeldLock>& held(trace::PathId path) const;
    // The latest acquisition of the lock by `path`; null if it does not hold it.
    const HeldLock* find(trace::PathId path, uintptr_t lock) const;
    // RCU read-side sections of `path` that may not sleep (SRCU's may).
    const HeldLock* rcu_reader(trace::PathId path) const;
    // A spinlock that `path` holds; null if none.
    const HeldLock* spinlock(trace::PathId path) const;

    // Calls `function(path, held)` for every path and lock; stops when it returns true.
    template <class Function>
    void find_holder(Function&& function) const {
        for (size_t path = 0; path < held_.size(); ++path) {
            const trace::PathId id(static_cast<uint16_t>(path));
            for (const HeldLock& lock : held(id))
                if (function(id, lock)) return;
        }
    }

  private:
    void release(const trace::Event& event);

    PathTable<std::vector<HeldLock>> held_;
};

}  // namespace kloom::detect
