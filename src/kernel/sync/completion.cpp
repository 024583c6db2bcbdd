// Completions.

#include "kernel/module_access.hpp"
#include "kernel/sync/sleeping.hpp"
#include "kernel/ticks.hpp"

#include <linux/completion.h>
#include <linux/errno.h>

using namespace kloom::kernel;
using kloom::trace::OperationKind;

namespace {

// What complete_all() leaves behind: it is never used up.
constexpr unsigned kDoneForAll = UINT_MAX;

bool consume(struct completion* x) {
    if (x->done == 0) return false;
    if (x->done != kDoneForAll) --x->done;
    emit_acquire(x);
    return true;
}

WaitEnd wait_for(struct completion* x, unsigned state, VirtualTime deadline, const char* function) {
    begin_sleeping_function(function);
    require_memory(x, sizeof *x, function);
    SleepingWait wait(x, state, "completion", deadline);
    for (;;) {  // ends: a turn without success sleeps
        machine().step_object(OperationKind::Acquire, x, 0);
        note_object(x, sizeof *x, function);
        if (consume(x)) break;
        if (const WaitEnd end = wait.end(); end != WaitEnd::None) {
            wait.leave();
            return end;
        }
        require_initialised(x->wait.head, function);
        wait.sleep();
    }
    wait.leave();
    return WaitEnd::None;
}

int wait_without_limit(struct completion* x, unsigned state, const char* function) {
    return wait_for(x, state, 0, function) == WaitEnd::None ? 0 : -ERESTARTSYS;
}

// The ticks that were left, at least 1 on success.
long wait_ticks(struct completion* x, unsigned state, unsigned long timeout, const char* function) {
    const bool is_limited = timeout < static_cast<unsigned long>(MAX_SCHEDULE_TIMEOUT);
    const VirtualTime deadline = is_limited ? deadline_in_ticks(timeout) : 0;
    switch (wait_for(x, state, deadline, function)) {
        case WaitEnd::Signal:
            return -ERESTARTSYS;
        case WaitEnd::Time:
            return 0;
        case WaitEnd::None:
            break;
    }
    if (!is_limited) return static_cast<long>(timeout);
    const long left = ticks_until(deadline);
    return left > 0 ? left : 1;
}

void announce(struct completion* x, const char* function) {
    machine().step_object(OperationKind::Release, x, 0);
    note_object(x, sizeof *x, function);
    emit_release(x);
}

void wake_all_sleepers(const void* object) {
    SleeperQueue& sleepers = kernel().locks->sleepers();
    if (sleepers.first(object) == nullptr) return;
    machine().step_global(0);
    sleepers.wake_all(object);
}

}  // namespace

extern "C" {

void init_completion(struct completion* x) {
    KLOOM_API();
    machine().step_object(OperationKind::Sync, x, 0);
    note_object(x, sizeof *x, "init_completion");
    x->done = 0;
    x->wait.lock = __SPIN_LOCK_UNLOCKED(x->wait.lock);
    INIT_LIST_HEAD(&x->wait.head);
}

void reinit_completion(struct completion* x) {
    KLOOM_API();
    machine().step_object(OperationKind::Sync, x, 0);
    note_object(x, sizeof *x, "reinit_completion");
    x->done = 0;
}

void wait_for_completion(struct completion* x) {
    KLOOM_API();
    wait_without_limit(x, TASK_UNINTERRUPTIBLE, "wait_for_completion");
}

void wait_for_completion_io(struct completion* x) {
    KLOOM_API();
    wait_without_limit(x, TASK_UNINTERRUPTIBLE, "wait_for_completion_io");
}

int wait_for_completion_interruptible(struct completion* x) {
    KLOOM_API();
    return wait_without_limit(x, TASK_INTERRUPTIBLE, "wait_for_completion_interruptible");
}

int wait_for_completion_killable(struct completion* x) {
    KLOOM_API();
    return wait_without_limit(x, TASK_KILLABLE, "wait_for_completion_killable");
}

int wait_for_completion_state(struct completion* x, unsigned int state) {
    KLOOM_API();
    return wait_without_limit(x, state, "wait_for_completion_state");
}

unsigned long wait_for_completion_timeout(struct completion* x, unsigned long timeout) {
    KLOOM_API();
    return static_cast<unsigned long>(
        wait_ticks(x, TASK_UNINTERRUPTIBLE, timeout, "wait_for_completion_timeout"));
}

unsigned long wait_for_completion_io_timeout(struct completion* x, unsigned long timeout) {
    KLOOM_API();
    return static_cast<unsigned long>(
        wait_ticks(x, TASK_UNINTERRUPTIBLE, timeout, "wait_for_completion_io_timeout"));
}

long wait_for_completion_interruptible_timeout(struct completion* x, unsigned long timeout) {
    KLOOM_API();
    return wait_ticks(x, TASK_INTERRUPTIBLE, timeout, "wait_for_completion_interruptible_timeout");
}

long wait_for_completion_killable_timeout(struct completion* x, unsigned long timeout) {
    KLOOM_API();
    return wait_ticks(x, TASK_KILLABLE, timeout, "wait_for_completion_killable_timeout");
}

bool try_wait_for_completion(struct completion* x) {
    KLOOM_API();
    machine().step_object(OperationKind::Sync, x, 0);
    note_object(x, sizeof *x, "try_wait_for_completion");
    return consume(x);
}

bool completion_done(struct completion* x) {
    KLOOM_API();
    step_read(x);
    note_object(x, sizeof *x, "completion_done");
    if (x->done == 0) return false;
    emit_acquire(x);
    return true;
}

void complete(struct completion* x) {
    KLOOM_API();
    announce(x, "complete");
    if (x->done != kDoneForAll) ++x->done;
    wake_first_sleeper(x);
}

void complete_all(struct completion* x) {
    KLOOM_API();
    announce(x, "complete_all");
    x->done = kDoneForAll;
    wake_all_sleepers(x);
}

}  // extern "C"
