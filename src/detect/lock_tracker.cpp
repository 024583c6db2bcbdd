#include "detect/lock_tracker.hpp"

namespace kloom::detect {

using trace::Event;
using trace::EventKind;
using trace::PathId;

void LockName::assign(const char* name) {
    size_t length = 0;
    for (; name != nullptr && name[length] != '\0' && length + 1 < kBytes; ++length)
        text[length] = name[length];
    text[length] = '\0';
}

HeldLock held_lock_of(const Event& event) {
    HeldLock lock;
    lock.address = event.address;
    lock.class_key = event.value != 0 ? event.value : event.address;
    lock.subclass = event.size;
    lock.flags = event.flags;
    lock.is_atomic = event.info != nullptr && event.info->preempt_count != 0 &&
                     (event.flags & trace::kLockSleeps) == 0;
    lock.acquired = site_of(event);
    lock.name.assign(event.text);
    return lock;
}

uint64_t LockTracker::interests() const {
    return trace::interests_of(EventKind::LockAcquire, EventKind::LockRelease);
}

void LockTracker::on_event(const Event& event) {
    if (event.path == trace::kNoPath) return;
    if (event.kind == EventKind::LockAcquire)
        held_[event.path].push_back(held_lock_of(event));
    else
        release(event);
}

// Removes the latest acquisition by the releasing path or, when it has none (a semaphore, an unlock
// by a stranger), one by whoever holds the lock.
void LockTracker::release(const Event& event) {
    PathId owner = event.path;
    if (find(owner, event.address) == nullptr) {
        owner = trace::kNoPath;
        find_holder([&](PathId path, const HeldLock& lock) {
            if (lock.address == event.address) owner = path;
            return owner != trace::kNoPath;
        });
    }
    if (owner == trace::kNoPath) return;
    std::vector<HeldLock>& locks = held_[owner];
    for (size_t index = locks.size(); index-- != 0;) {
        if (locks[index].address != event.address) continue;
        locks.erase(locks.begin() + static_cast<ptrdiff_t>(index));
        return;
    }
}

const std::vector<HeldLock>& LockTracker::held(PathId path) const {
    static const std::vector<HeldLock> kNone;
    const std::vector<HeldLock>* locks = held_.find(path);
    return locks != nullptr ? *locks : kNone;
}

const HeldLock* LockTracker::find(PathId path, uintptr_t lock) const {
    const std::vector<HeldLock>& locks = held(path);
    for (size_t index = locks.size(); index-- != 0;)
        if (locks[index].address == lock) return &locks[index];
    return nullptr;
}

const HeldLock* LockTracker::rcu_reader(PathId path) const {
    for (const HeldLock& lock : held(path))
        if (lock.is_rcu() && (lock.flags & trace::kLockSleeps) == 0) return &lock;
    return nullptr;
}

const HeldLock* LockTracker::spinlock(PathId path) const {
    for (const HeldLock& lock : held(path))
        if (lock.is_atomic && !lock.is_rcu() &&
            (lock.flags & (trace::kLockNoOrder | trace::kLockNoOwner)) == 0)
            return &lock;
    return nullptr;
}

}  // namespace kloom::detect
