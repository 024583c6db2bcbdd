// kthread_worker: a kthread that works off a list, in the order of queueing. Lists and states live in the module's structures;
// each operation on them is atomic between two steps. Flushing queues a marker behind the work in question, so that a work
// that queues itself again is not waited for twice. Linux guards each operation by the worker's lock, so whoever uses the worker
// after a work has ended comes after that work: emit_release(worker) at its end, emit_acquire(worker) here.

#include <cstdarg>

#include "kernel/irq/callback.hpp"
#include "kernel/kernel.hpp"
#include "kernel/lib/format.hpp"
#include "kernel/module_access.hpp"
#include "kernel/sched/tasks.hpp"

#include <linux/bug.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/timer.h>

using namespace kloom::kernel;

namespace {

// A work of the kernel's own at the end of which somebody waits.
struct Marker {
    struct kthread_work work = {};
    bool is_done = false;
};

TaskService& tasks() { return *kernel().tasks; }

void reach_marker(struct kthread_work* work) {
    auto* marker = container_of(work, Marker, work);
    machine().step_global(0);
    emit_release(marker);
    marker->is_done = true;
    tasks().work_waiters().wake(marker);
}

void wake_worker(struct kthread_worker* worker) {
    if (worker->task == nullptr) return;
    if (TaskRecord* record = tasks().find(worker->task, "kthread_queue_work")) tasks().wake(*record, TASK_NORMAL);
}

// The caller stepped (Global).
void insert(struct kthread_worker* worker, struct kthread_work* work, struct list_head* before) {
    note_object(worker, sizeof *worker, "kthread_queue_work");
    list_add_tail(&work->node, before);
    work->worker = worker;
    emit_release(work);
    wake_worker(worker);
}

bool is_queued(const struct kthread_work* work) { return !list_empty(&work->node) || work->canceling != 0; }

void wait_for(Marker& marker) {
    while (!marker.is_done) tasks().work_waiters().wait(&marker, "kthread_flush_work");  // ends: the worker reaches it
    emit_acquire(&marker);
}

// Waits for the work as it is queued or runs now. The caller stepped (Global).
void flush(struct kthread_work* work) {
    struct kthread_worker* worker = work->worker;
    if (worker == nullptr) return;
    emit_acquire(worker);
    Marker marker;
    marker.work.func = &reach_marker;
    if (!list_empty(&work->node))
        insert(worker, &marker.work, work->node.next);
    else if (worker->current_work == work)
        insert(worker, &marker.work, worker->work_list.next);
    else
        return;
    wait_for(marker);
}

bool cancel(struct kthread_work* work) {
    struct kthread_worker* worker = work->worker;
    if (worker == nullptr) return false;
    emit_acquire(worker);
    const bool was_queued = !list_empty(&work->node);
    list_del_init(&work->node);
    if (worker->current_work == work) {
        ++work->canceling;
        flush(work);
        --work->canceling;
    }
    return was_queued;
}

void run_work(struct kthread_worker* worker, struct kthread_work* work) {
    note_object(work, sizeof *work, "kthread_worker_fn");
    list_del_init(&work->node);
    worker->current_work = work;
    emit_acquire(work);
    if (work->func == &reach_marker)
        reach_marker(work);
    else
        call_module("kthread work", work->func, work);
    machine().step_global(0);
    worker->current_work = nullptr;
    emit_release(worker);
}

struct kthread_worker* create_worker(const char* name, int cpu) {
    auto* worker = static_cast<struct kthread_worker*>(kzalloc(sizeof(struct kthread_worker), GFP_KERNEL));
    if (worker == nullptr) return static_cast<struct kthread_worker*>(ERR_PTR(-ENOMEM));
    kthread_init_worker(worker);
    struct task_struct* task = kthread_create_on_node(kthread_worker_fn, worker, -1, "%s", name);
    if (IS_ERR(task)) {
        kfree(worker);
        return static_cast<struct kthread_worker*>(ERR_CAST(task));
    }
    if (cpu >= 0) kthread_bind(task, static_cast<unsigned>(cpu));
    worker->task = task;
    wake_up_process(task);
    return worker;
}

void arm(struct kthread_worker* worker, struct kthread_delayed_work* work, unsigned long delay) {
    if (delay == 0) {
        insert(worker, &work->work, &worker->work_list);
        return;
    }
    note_object(worker, sizeof *worker, "kthread_queue_delayed_work");
    list_add(&work->work.node, &worker->delayed_work_list);
    work->work.worker = worker;
    emit_release(&work->work);
    mod_timer(&work->timer, jiffies + delay);
}

}  // namespace

extern "C" void kthread_init_worker(struct kthread_worker* worker) {
    KLOOM_API();
    note_write(worker, sizeof *worker);
    *worker = {};
    INIT_LIST_HEAD(&worker->work_list);
    INIT_LIST_HEAD(&worker->delayed_work_list);
}

extern "C" int kthread_worker_fn(void* worker_ptr) {
    auto* worker = static_cast<struct kthread_worker*>(worker_ptr);
    machine().step_global(0);
    note_object(worker, sizeof *worker, "kthread_worker_fn");
    worker->task = get_current();
    for (;;) {  // ends: kthread_stop()
        if (!list_empty(&worker->work_list)) {
            run_work(worker, list_first_entry(&worker->work_list, struct kthread_work, node));
        } else if (tasks().current().should_stop) {
            worker->task = nullptr;
            return 0;
        } else {
            tasks().sleep(TASK_INTERRUPTIBLE, "idle", nullptr);
            machine().step_global(0);
        }
    }
}

extern "C" struct kthread_worker* kthread_create_worker(unsigned int, const char namefmt[], ...) {
    KLOOM_API();
    char name[TASK_COMM_LEN];
    va_list arguments;
    va_start(arguments, namefmt);
    format_text(name, sizeof name, namefmt, arguments);
    va_end(arguments);
    return create_worker(name, -1);
}

extern "C" struct kthread_worker* kthread_create_worker_on_cpu(int cpu, unsigned int, const char namefmt[], ...) {
    KLOOM_API();
    char name[TASK_COMM_LEN];
    va_list arguments;
    va_start(arguments, namefmt);
    format_text(name, sizeof name, namefmt, arguments);
    va_end(arguments);
    return create_worker(name, cpu);
}

extern "C" void kthread_destroy_worker(struct kthread_worker* worker) {
    KLOOM_API();
    note_object(worker, sizeof *worker, "kthread_destroy_worker");
    if (worker->task == nullptr) {
        kloom_warn("kthread_destroy_worker() of a worker without a task", "kernel/kthread.c", __LINE__, nullptr);
        return;
    }
    kthread_flush_worker(worker);
    kthread_stop(worker->task);
    kfree(worker);
}

extern "C" bool kthread_queue_work(struct kthread_worker* worker, struct kthread_work* work) {
    KLOOM_API();
    machine().step_global(0);
    note_object(work, sizeof *work, "kthread_queue_work");
    emit_acquire(worker);
    if (is_queued(work)) return false;
    insert(worker, work, &worker->work_list);
    return true;
}

extern "C" void kthread_flush_work(struct kthread_work* work) {
    KLOOM_API();
    emit_might_sleep("kthread_flush_work", false);
    machine().step_global(0);
    note_object(work, sizeof *work, "kthread_flush_work");
    flush(work);
}

extern "C" void kthread_flush_worker(struct kthread_worker* worker) {
    KLOOM_API();
    emit_might_sleep("kthread_flush_worker", false);
    machine().step_global(0);
    Marker marker;
    marker.work.func = &reach_marker;
    insert(worker, &marker.work, &worker->work_list);
    wait_for(marker);
}

extern "C" bool kthread_cancel_work_sync(struct kthread_work* work) {
    KLOOM_API();
    emit_might_sleep("kthread_cancel_work_sync", false);
    machine().step_global(0);
    note_object(work, sizeof *work, "kthread_cancel_work_sync");
    return cancel(work);
}

// ---- delayed work ------------------------------------------------------------------------------------------------------

// In softirq context: the delay is over.
extern "C" void kthread_delayed_work_timer_fn(struct timer_list* timer) {
    struct kthread_delayed_work* delayed = container_of(timer, struct kthread_delayed_work, timer);
    machine().step_global(0);
    note_object(delayed, sizeof *delayed, "kthread_delayed_work_timer_fn");
    struct kthread_worker* worker = delayed->work.worker;
    if (worker == nullptr || list_empty(&delayed->work.node)) return;
    list_del_init(&delayed->work.node);
    if (delayed->work.canceling == 0) insert(worker, &delayed->work, &worker->work_list);
}

extern "C" bool kthread_queue_delayed_work(struct kthread_worker* worker, struct kthread_delayed_work* work,
                                           unsigned long delay) {
    KLOOM_API();
    machine().step_global(0);
    note_object(work, sizeof *work, "kthread_queue_delayed_work");
    if (is_queued(&work->work)) return false;
    arm(worker, work, delay);
    return true;
}

extern "C" bool kthread_mod_delayed_work(struct kthread_worker* worker, struct kthread_delayed_work* work,
                                         unsigned long delay) {
    KLOOM_API();
    machine().step_global(0);
    note_object(work, sizeof *work, "kthread_mod_delayed_work");
    if (work->work.canceling != 0) return false;
    const bool was_queued = !list_empty(&work->work.node);
    del_timer(&work->timer);
    list_del_init(&work->work.node);
    arm(worker, work, delay);
    return was_queued;
}

extern "C" bool kthread_cancel_delayed_work_sync(struct kthread_delayed_work* work) {
    KLOOM_API();
    emit_might_sleep("kthread_cancel_delayed_work_sync", false);
    note_object(work, sizeof *work, "kthread_cancel_delayed_work_sync");
    ++work->work.canceling;
    del_timer_sync(&work->timer);
    machine().step_global(0);
    const bool was_queued = cancel(&work->work);
    --work->work.canceling;
    return was_queued;
}
