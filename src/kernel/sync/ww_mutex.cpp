// Wound/wait mutexes. A waiter looks at the holder's context each time it is woken, and whoever
// takes a lock in a context wakes all who wait for it: so nobody goes on waiting for a context that
// he may not wait for.

#include "kernel/module_access.hpp"
#include "kernel/sched/tasks.hpp"
#include "kernel/sync/sleeping.hpp"

#include <linux/sched.h>
#include <linux/ww_mutex.h>

using namespace kloom::kernel;
using kloom::trace::OperationKind;

namespace {

constexpr const char* kNotReleased =
    "after -EDEADLK not all locks of the acquire context were released";

LockIdentity identity(const struct ww_mutex* lock, const struct ww_acquire_ctx* context) {
    const uint16_t flags = kloom::trace::kLockSleeps | kloom::trace::kLockWoundWait |
                           (context != nullptr ? kloom::trace::kLockInContext : 0);
    return {&lock->base, &lock->base.dep_map, flags};
}

void report(const char* message, const void* object) {
    emit_misuse("lock-misuse", kloom::trace::Severity::Error, message, object);
}

bool is_younger(const struct ww_acquire_ctx& one, const struct ww_acquire_ctx& other) {
    return static_cast<long>(one.stamp - other.stamp) > 0;
}

void enter_context(struct ww_mutex* lock, struct ww_acquire_ctx* context) {
    if (lock->ctx != nullptr) report("a free ww_mutex belongs to an acquire context", lock);
    if (context->done_acquire != 0) report("a ww_mutex is taken after ww_acquire_done()", lock);
    if (context->contending_lock != nullptr) {
        if (context->contending_lock != lock)
            report("after -EDEADLK another ww_mutex is taken before the contended one", lock);
        if (context->acquired != 0) report(kNotReleased, lock);
        context->contending_lock = nullptr;
    }
    if (context->ww_class != lock->ww_class)
        report("a ww_mutex is taken in an acquire context of another class", lock);
    ++context->acquired;
    lock->ctx = context;
}

void take(struct ww_mutex* lock, struct ww_acquire_ctx* context, uint16_t flags = 0) {
    lock->base.owner = current_owner();
    emit_lock_acquire(identity(lock, context), 0, flags);
    if (context == nullptr) return;
    enter_context(lock, context);
    if (kernel().locks->sleepers().first(&lock->base) == nullptr) return;
    machine().step_global(0);
    kernel().locks->sleepers().wake_all(&lock->base);
}

void wound(struct ww_acquire_ctx& holder) {
    holder.wounded = 1;
    if (TaskRecord* task = kernel().tasks->find(holder.task, "ww_mutex_lock"))
        kernel().tasks->wake(*task, TASK_NORMAL);
}

// Whether the context may not wait for the lock's holder. The caller stepped (Global).
bool must_give_way(const struct ww_mutex* lock, const struct ww_acquire_ctx& context) {
    struct ww_acquire_ctx* holder = lock->ctx;
    if (holder != nullptr) note_object(holder, sizeof *holder, "ww_mutex_lock");
    if (context.is_wait_die != 0)
        return context.acquired != 0 && holder != nullptr && is_younger(context, *holder);
    if (holder != nullptr && holder->acquired != 0 && is_younger(*holder, context)) wound(*holder);
    return context.acquired != 0 && context.wounded != 0;
}

// Who has to give way holds locks; if he had to before, he still holds them.
int give_way(struct ww_mutex* lock, struct ww_acquire_ctx* context) {
    if (context->contending_lock != nullptr) report(kNotReleased, lock);
    context->contending_lock = lock;
    return -EDEADLK;
}

// Waits until the lock is free or its turn has come: 0, -EINTR or -EDEADLK.
int wait_for(struct ww_mutex* lock, struct ww_acquire_ctx* context, SleepingWait& wait,
             const char* function) {
    bool is_requested = false;
    for (;;) {  // ends: a turn without the lock sleeps
        machine().step_object(OperationKind::Acquire, &lock->base, 0);
        note_object(lock, sizeof *lock, function);
        const bool is_mine = wait.sleeper().is_granted || lock->base.owner == 0;
        if (!is_mine && wait.end() != WaitEnd::None) return -EINTR;
        if (!is_mine && context != nullptr) {
            machine().step_global(0);
            if (lock->base.owner == 0) continue;
            if (must_give_way(lock, *context)) return give_way(lock, context);
        }
        if (!is_requested) emit_lock_request(identity(lock, context), 0);
        is_requested = true;
        if (is_mine) return 0;
        require_initialised(lock->base.wait_list, function);
        wait.sleep();
        ++wait.sleeper().passes;
    }
}

int lock_in(struct ww_mutex* lock, struct ww_acquire_ctx* context, unsigned state,
            const char* function) {
    begin_sleeping_function(function);
    require_memory(lock, sizeof *lock, function);
    if (context != nullptr) {
        note_object(context, sizeof *context, function);
        if (lock->ctx == context) return -EALREADY;
        if (context->acquired == 0) context->wounded = 0;
    }
    SleepingWait wait(&lock->base, state, "ww_mutex");
    wait.sleeper().owner = current_owner();
    const int error = wait_for(lock, context, wait, function);
    wait.leave();
    if (error == 0) take(lock, context);
    return error;
}

int lock_contended(struct ww_mutex* lock, struct ww_acquire_ctx* context, unsigned state,
                   const char* function) {
    if (context->contending_lock == nullptr)
        report("ww_mutex_lock_slow() without an -EDEADLK before it", lock);
    return lock_in(lock, context, state, function);
}

}  // namespace

extern "C" {

void ww_mutex_init(struct ww_mutex* lock, struct ww_class* ww_class) {
    KLOOM_API();
    __mutex_init(&lock->base, ww_class->mutex_name, &ww_class->mutex_key);
    lock->ctx = nullptr;
    lock->ww_class = ww_class;
}

void ww_acquire_init(struct ww_acquire_ctx* ctx, struct ww_class* ww_class) {
    KLOOM_API();
    machine().step_object(OperationKind::Sync, ww_class, 0);
    note_object(ctx, sizeof *ctx, "ww_acquire_init");
    if (kernel().locks->holds_class(&ww_class->acquire_key))
        report("an acquire context is begun inside another one of its class", ctx);
    *ctx = {.task = kernel().tasks->current().task,
            .stamp = static_cast<unsigned long>(++ww_class->stamp.counter),
            .acquired = 0,
            .wounded = 0,
            .is_wait_die = static_cast<unsigned short>(ww_class->is_wait_die),
            .done_acquire = 0,
            .ww_class = ww_class,
            .contending_lock = nullptr,
            .dep_map = {.key = &ww_class->acquire_key, .name = ww_class->acquire_name}};
    mutex_acquire(&ctx->dep_map, 0, 0, 0);
}

void ww_acquire_done(struct ww_acquire_ctx* ctx) {
    KLOOM_API();
    note_object(ctx, sizeof *ctx, "ww_acquire_done");
    if (ctx->done_acquire != 0) report("ww_acquire_done() is called twice", ctx);
    ctx->done_acquire = 1;
}

void ww_acquire_fini(struct ww_acquire_ctx* ctx) {
    KLOOM_API();
    mutex_release(&ctx->dep_map, 0);
    if (ctx->acquired != 0) report("an acquire context ends that holds locks", ctx);
}

int ww_mutex_lock(struct ww_mutex* lock, struct ww_acquire_ctx* ctx) {
    KLOOM_API();
    return lock_in(lock, ctx, TASK_UNINTERRUPTIBLE, "ww_mutex_lock");
}

int ww_mutex_lock_interruptible(struct ww_mutex* lock, struct ww_acquire_ctx* ctx) {
    KLOOM_API();
    return lock_in(lock, ctx, TASK_INTERRUPTIBLE, "ww_mutex_lock_interruptible");
}

void ww_mutex_lock_slow(struct ww_mutex* lock, struct ww_acquire_ctx* ctx) {
    KLOOM_API();
    lock_contended(lock, ctx, TASK_UNINTERRUPTIBLE, "ww_mutex_lock_slow");
}

int ww_mutex_lock_slow_interruptible(struct ww_mutex* lock, struct ww_acquire_ctx* ctx) {
    KLOOM_API();
    return lock_contended(lock, ctx, TASK_INTERRUPTIBLE, "ww_mutex_lock_slow_interruptible");
}

int ww_mutex_trylock(struct ww_mutex* lock, struct ww_acquire_ctx* ctx) {
    KLOOM_API();
    machine().step_object(OperationKind::Sync, &lock->base, 0);
    note_object(lock, sizeof *lock, "ww_mutex_trylock");
    if (lock->base.owner != 0) return 0;
    if (ctx != nullptr && ctx->acquired == 0) ctx->wounded = 0;
    take(lock, ctx, kloom::trace::kLockTry);
    return 1;
}

void ww_mutex_unlock(struct ww_mutex* lock) {
    KLOOM_API();
    note_object(lock, sizeof *lock, "ww_mutex_unlock");
    if (struct ww_acquire_ctx* context = lock->ctx) {
        note_object(context, sizeof *context, "ww_mutex_unlock");
        if (context->acquired == 0) report("a ww_mutex's acquire context holds no locks", lock);
        if (context->acquired != 0) --context->acquired;
        lock->ctx = nullptr;
    }
    mutex_unlock(&lock->base);
}

}  // extern "C"
