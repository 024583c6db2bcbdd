// Work queues as modules use them.

#include <algorithm>
#include <climits>
#include <cstdarg>
#include <cstdio>
#include <deque>

#include "kernel/irq/named_cpu.hpp"
#include "kernel/module_access.hpp"
#include "kernel/sched/tasks.hpp"
#include "kernel/time/timers.hpp"
#include "kernel/workqueue/queue.hpp"
#include "kernel/workqueue/workqueue.hpp"

#include <linux/bug.h>
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/printk.h>
#include <linux/rcupdate.h>
#include <linux/sprintf.h>
#include <linux/workqueue.h>

using namespace kloom::kernel;

namespace {

constexpr long kPending = WORK_STRUCT_PENDING;

WorkqueueService& workqueues() { return *kernel().workqueues; }
TimerService& timers() { return *kernel().timers; }

void step_on(const work_struct* work, const char* function) {
    machine().step_global(0);
    note_object(work, sizeof *work, function);
}

WorkPlace place_of(int cpu) {
    if (cpu == WORK_CPU_UNBOUND) return {};
    return {.is_any = false, .cpu = named_cpu(cpu)};
}

// Sets the pending bit; false when it was set.
bool claim(work_struct* work) {
    if ((work->data.counter & kPending) != 0) return false;
    work->data.counter |= kPending;
    return true;
}

// Queues delayed work whose pending bit is set: now or by its timer.
void queue_delayed(delayed_work* dwork, workqueue_struct* queue, int cpu, unsigned long delay) {
    if (dwork->timer.function != delayed_work_timer_fn)
        kloom_warn("WARN_ON_ONCE(timer->function != delayed_work_timer_fn)", "workqueue.c", 0, nullptr);
    if (delay == 0) {
        workqueues().queue(&dwork->work, queue, place_of(cpu));
        return;
    }
    dwork->wq = queue;
    dwork->cpu = cpu;
    if (cpu == WORK_CPU_UNBOUND)
        timers().arm(dwork->timer, jiffies + delay);
    else
        timers().arm_on(dwork->timer, jiffies + delay, place_of(cpu).cpu);
}

// Takes work that is queued, or whose timer runs, off; its pending bit stays set, and is set if it was not. The caller has
// stepped. `timer` is null for work without one. Returns whether the work was pending.
bool grab(work_struct* work, timer_list* timer) {
    for (;;) {  // ends: the timer's callback, or the other cancellation, comes to its end
        if (timer != nullptr && timers().disarm(*timer)) return true;
        if (workqueues().unqueue(work)) return true;
        if (claim(work)) return false;
        const CallbackSlot* slot = timer != nullptr ? timers().find_running(*timer) : nullptr;
        if (slot == nullptr) return false;
        slot->wait_spinning(timer);
        machine().step_global(0);
    }
}

bool cancel(work_struct* work, timer_list* timer, const char* function) {
    step_on(work, function);
    if (workqueues().is_cancelled(work)) return false;
    const bool was_pending = grab(work, timer);
    work->data.counter &= ~kPending;
    return was_pending;
}

bool cancel_and_wait(work_struct* work, timer_list* timer, const char* function) {
    emit_might_sleep(function, false);
    step_on(work, function);
    workqueues().begin_cancel(work);
    const bool was_pending = grab(work, timer);
    workqueues().wait_until_idle(work, function);
    work->data.counter &= ~kPending;
    workqueues().end_cancel(work);
    return was_pending;
}

int clamp_max_active(int max_active, const char* name) {
    const int clamped = std::clamp(max_active, 1, static_cast<int>(WQ_MAX_ACTIVE));
    if (clamped != max_active)
        printk(KERN_WARNING "workqueue: max_active %d requested for %s is out of range, clamping between %d and %d\n", max_active,
               name, 1, static_cast<int>(WQ_MAX_ACTIVE));
    return clamped;
}

// A function with its argument, done on another CPU while the caller waits on its stack.
struct WorkForCpu {
    work_struct work;
    long (*function)(void*);
    void* argument;
    long result;
};

void run_work_for_cpu(work_struct* work) {
    auto* request = container_of(work, WorkForCpu, work);
    request->result = request->function(request->argument);
}

void run_rcu_work(rcu_head* head) {
    auto* rwork = container_of(head, struct rcu_work, rcu);
    machine().step_global(0);
    workqueues().check(rwork->wq);
    workqueues().queue(&rwork->work, rwork->wq, {});
}

}  // namespace

extern "C" {

struct workqueue_struct* system_wq;
struct workqueue_struct* system_highpri_wq;
struct workqueue_struct* system_long_wq;
struct workqueue_struct* system_unbound_wq;
struct workqueue_struct* system_freezable_wq;
struct workqueue_struct* system_power_efficient_wq;
struct workqueue_struct* system_freezable_power_efficient_wq;

// ---- queues ----------------------------------------------------------------------------------------------------------------

struct workqueue_struct* alloc_workqueue(const char* fmt, unsigned int flags, int max_active, ...) {
    KLOOM_API();
    char name[workqueue_struct::kNameMax];
    va_list arguments;
    va_start(arguments, max_active);
    kloom_vsnprintf(name, sizeof name, fmt, arguments);
    va_end(arguments);
    emit_might_sleep("alloc_workqueue", false);
    machine().step_global(0);
    return workqueues().create(name, flags, clamp_max_active(max_active != 0 ? max_active : WQ_DFL_ACTIVE, name));
}

void destroy_workqueue(struct workqueue_struct* wq) {
    KLOOM_API();
    emit_might_sleep("destroy_workqueue", false);
    machine().step_global(0);
    workqueues().check(wq);
    workqueues().destroy(wq);
}

void drain_workqueue(struct workqueue_struct* wq) {
    KLOOM_API();
    emit_might_sleep("drain_workqueue", false);
    machine().step_global(0);
    workqueues().check(wq);
    workqueues().drain(wq);
}

void flush_workqueue(struct workqueue_struct* wq) {
    KLOOM_API();
    emit_might_sleep("flush_workqueue", false);
    machine().step_global(0);
    workqueues().check(wq);
    workqueues().flush_queue(wq, "flush_workqueue");
}

void workqueue_set_max_active(struct workqueue_struct* wq, int max_active) {
    KLOOM_API();
    machine().step_global(0);
    workqueues().check(wq);
    char name[workqueue_struct::kNameMax];  // printk() reads the stack, not the kernel's own memory
    snprintf(name, sizeof name, "%s", wq->name);
    workqueues().set_max_active(wq, clamp_max_active(max_active, name));
}

bool workqueue_congested(int cpu, struct workqueue_struct* wq) {
    KLOOM_API();
    machine().step_global(0);
    workqueues().check(wq);
    return workqueues().is_congested(wq, cpu == WORK_CPU_UNBOUND ? machine().cpu() : place_of(cpu).cpu);
}

// ---- work ------------------------------------------------------------------------------------------------------------------

void kloom_init_work(struct work_struct* work, work_func_t func) {
    KLOOM_API();
    note_write(work, sizeof *work);
    *work = {};
    work->entry = {&work->entry, &work->entry};
    work->func = func;
}

void kloom_init_delayed_work(struct delayed_work* dwork, work_func_t func, unsigned int timer_flags) {
    KLOOM_API();
    kloom_init_work(&dwork->work, func);
    kloom_init_timer(&dwork->timer, delayed_work_timer_fn, timer_flags | TIMER_IRQSAFE, 0);
    dwork->wq = nullptr;
    dwork->cpu = 0;
}

bool queue_work_on(int cpu, struct workqueue_struct* wq, struct work_struct* work) {
    KLOOM_API();
    step_on(work, "queue_work");
    workqueues().check(wq);
    if (!claim(work)) return false;
    workqueues().queue(work, wq, place_of(cpu));
    return true;
}

bool queue_work_node(int, struct workqueue_struct* wq, struct work_struct* work) {
    KLOOM_API();
    return queue_work_on(WORK_CPU_UNBOUND, wq, work);
}

bool flush_work(struct work_struct* work) {
    KLOOM_API();
    emit_might_sleep("flush_work", false);
    step_on(work, "flush_work");
    return workqueues().flush(work);
}

bool cancel_work(struct work_struct* work) {
    KLOOM_API();
    return cancel(work, nullptr, "cancel_work");
}

bool cancel_work_sync(struct work_struct* work) {
    KLOOM_API();
    return cancel_and_wait(work, nullptr, "cancel_work_sync");
}

bool kloom_work_pending(const struct work_struct* work) {
    KLOOM_API();
    machine().step_object(kloom::trace::OperationKind::Sync, work, 0);
    note_object(work, sizeof *work, "work_pending");
    return (work->data.counter & kPending) != 0;
}

unsigned int work_busy(struct work_struct* work) {
    KLOOM_API();
    step_on(work, "work_busy");
    unsigned int busy = (work->data.counter & kPending) != 0 ? WORK_BUSY_PENDING : 0;
    if (workqueues().is_running(work)) busy |= WORK_BUSY_RUNNING;
    return busy;
}

struct work_struct* current_work() {
    KLOOM_API();
    return workqueues().current_work();
}

bool current_is_workqueue_rescuer() { return false; }

// ---- delayed work ------------------------------------------------------------------------------------------------------------

void delayed_work_timer_fn(struct timer_list* timer) {
    auto* dwork = container_of(timer, struct delayed_work, timer);
    machine().step_global(0);
    workqueues().check(dwork->wq);
    workqueues().queue(&dwork->work, dwork->wq, place_of(dwork->cpu));
}

bool queue_delayed_work_on(int cpu, struct workqueue_struct* wq, struct delayed_work* dwork, unsigned long delay) {
    KLOOM_API();
    machine().step_global(0);
    note_object(dwork, sizeof *dwork, "queue_delayed_work");
    workqueues().check(wq);
    if (!claim(&dwork->work)) return false;
    queue_delayed(dwork, wq, cpu, delay);
    return true;
}

bool mod_delayed_work_on(int cpu, struct workqueue_struct* wq, struct delayed_work* dwork, unsigned long delay) {
    KLOOM_API();
    machine().step_global(0);
    note_object(dwork, sizeof *dwork, "mod_delayed_work");
    workqueues().check(wq);
    if (workqueues().is_cancelled(&dwork->work)) return false;
    const bool was_pending = grab(&dwork->work, &dwork->timer);
    queue_delayed(dwork, wq, cpu, delay);
    return was_pending;
}

bool flush_delayed_work(struct delayed_work* dwork) {
    KLOOM_API();
    emit_might_sleep("flush_delayed_work", false);
    machine().step_global(0);
    note_object(dwork, sizeof *dwork, "flush_delayed_work");
    if (timers().disarm(dwork->timer)) {
        workqueues().check(dwork->wq);
        workqueues().queue(&dwork->work, dwork->wq, place_of(dwork->cpu));
    }
    return workqueues().flush(&dwork->work);
}

bool cancel_delayed_work(struct delayed_work* dwork) {
    KLOOM_API();
    return cancel(&dwork->work, &dwork->timer, "cancel_delayed_work");
}

bool cancel_delayed_work_sync(struct delayed_work* dwork) {
    KLOOM_API();
    return cancel_and_wait(&dwork->work, &dwork->timer, "cancel_delayed_work_sync");
}

// ---- combinations --------------------------------------------------------------------------------------------------------------

bool queue_rcu_work(struct workqueue_struct* wq, struct rcu_work* rwork) {
    KLOOM_API();
    step_on(&rwork->work, "queue_rcu_work");
    if (!claim(&rwork->work)) return false;
    rwork->wq = wq;
    call_rcu(&rwork->rcu, run_rcu_work);
    return true;
}

bool flush_rcu_work(struct rcu_work* rwork) {
    KLOOM_API();
    if ((rwork->work.data.counter & kPending) != 0) {
        rcu_barrier();
        flush_work(&rwork->work);
        return true;
    }
    return flush_work(&rwork->work);
}

long work_on_cpu(int cpu, long (*fn)(void*), void* arg) {
    KLOOM_API();
    WorkForCpu request = {{}, fn, arg, 0};
    kloom_init_work(&request.work, run_work_for_cpu);
    queue_work_on(cpu, system_wq, &request.work);
    flush_work(&request.work);
    return request.result;
}

long work_on_cpu_safe(int cpu, long (*fn)(void*), void* arg) {
    KLOOM_API();
    const bool is_online = cpu >= 0 && cpu < machine().possible_cpus() && machine().online().test(static_cast<size_t>(cpu));
    return is_online ? work_on_cpu(cpu, fn, arg) : -ENODEV;
}

int schedule_on_each_cpu(work_func_t func) {
    KLOOM_API();
    work_struct works[kloom::trace::kCpusMax];
    const kloom::machine::CpuSet online = machine().online();
    for (size_t cpu = 0; cpu < online.size(); ++cpu) {
        if (!online.test(cpu)) continue;
        kloom_init_work(&works[cpu], func);
        queue_work_on(static_cast<int>(cpu), system_wq, &works[cpu]);
    }
    for (size_t cpu = 0; cpu < online.size(); ++cpu)
        if (online.test(cpu)) flush_work(&works[cpu]);
    return 0;
}

int execute_in_process_context(work_func_t fn, struct execute_work* ew) {
    KLOOM_API();
    if (!in_interrupt()) {
        fn(&ew->work);
        return 0;
    }
    kloom_init_work(&ew->work, fn);
    queue_work_on(WORK_CPU_UNBOUND, system_wq, &ew->work);
    return 1;
}

}  // extern "C"
