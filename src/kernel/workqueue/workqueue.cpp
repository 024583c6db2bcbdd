#include "kernel/workqueue/workqueue.hpp"

#include <algorithm>
#include <array>
#include <climits>
#include <cstdio>

#include "kernel/module_access.hpp"
#include "kernel/sched/tasks.hpp"
#include "kernel/time/timers.hpp"
#include "kernel/workqueue/queue.hpp"

#include <linux/bug.h>
#include <linux/sched.h>
#include <linux/workqueue.h>

namespace kloom::kernel {

namespace {

constexpr long kHighPriorityNice = MIN_NICE;

constexpr long kPending = WORK_STRUCT_PENDING;

struct SystemQueue {
    workqueue_struct queue;
    const char* name;
    unsigned flags;
};
std::array<SystemQueue, 7> system_queues = {{
    {{}, "events", 0},
    {{}, "events_highpri", WQ_HIGHPRI},
    {{}, "events_long", 0},
    {{}, "events_unbound", WQ_UNBOUND},
    {{}, "events_freezable", WQ_FREEZABLE},
    {{}, "events_power_efficient", WQ_POWER_EFFICIENT},
    {{}, "events_freezable_power_efficient", WQ_FREEZABLE | WQ_POWER_EFFICIENT},
}};

bool is_system_queue(const workqueue_struct* queue) {
    return std::any_of(system_queues.begin(), system_queues.end(), [&](const SystemQueue& s) { return &s.queue == queue; });
}

void reset_queue(workqueue_struct& queue, const char* name, unsigned flags, int max_active, size_t pools) {
    snprintf(queue.name, sizeof queue.name, "%s", name);
    queue.flags = flags;
    queue.max_active = max_active;
    queue.drainers = 0;
    queue.is_destroyed = false;
    queue.shares.assign(pools, {});
}

const void* function_of(const work_struct& work) { return reinterpret_cast<const void*>(work.func); }

}  // namespace

WorkqueueService::WorkqueueService(machine::Machine& machine) : machine_(machine) {
    workqueue_struct** const pointers[] = {&system_wq,           &system_highpri_wq,         &system_long_wq, &system_unbound_wq,
                                           &system_freezable_wq, &system_power_efficient_wq, &system_freezable_power_efficient_wq};
    for (size_t index = 0; index < system_queues.size(); ++index) {
        *pointers[index] = &system_queues[index].queue;
        const auto address = reinterpret_cast<uintptr_t>(pointers[index]);
        machine.memory().add_region(trace::Region::Kernel, address, address + sizeof(void*));
    }
}

WorkqueueService::~WorkqueueService() = default;

void WorkqueueService::begin_execution() {
    const auto cpus = static_cast<size_t>(machine_.possible_cpus());
    pools_.resize((cpus + 1) * 2);
    for (size_t index = 0; index < pools_.size(); ++index) {
        Pool& pool = pools_[index];
        pool.index = index;
        pool.cpu = index / 2 < cpus ? CpuId(static_cast<uint16_t>(index / 2)) : trace::kNoCpu;
        pool.is_high = index % 2 != 0;
        pool.items.clear();
        pool.workers.clear();
    }
    for (SystemQueue& system : system_queues) reset_queue(system.queue, system.name, system.flags, WQ_DFL_ACTIVE, pools_.size());
    queues_.clear();
    workers_.clear();
    cancelled_.clear();
    waiters_.reset();
    next_number_ = 1;
}

void WorkqueueService::report_leftovers(const ModuleImage& module) {
    const auto report = [&](const work_struct& work) {
        note_object(&work, sizeof work, "process_one_work");
        const void* function = function_of(work);
        if (module.contains(reinterpret_cast<uintptr_t>(function))) emit_leftover("work", "", function);
    };
    visit_items([&](const WorkItem& item) { report(*item.work); });
    for (timer_list* timer : kernel().timers->pending_timers())
        if (timer->function == delayed_work_timer_fn) report(container_of(timer, struct delayed_work, timer)->work);
    for (const workqueue_struct& queue : queues_)
        if (!queue.is_destroyed) emit_leftover("workqueue", queue.name, &queue);
}

// ---- queues ----------------------------------------------------------------------------------------------------------------

workqueue_struct* WorkqueueService::create(const char* name, unsigned flags, int max_active) {
    workqueue_struct& queue = queues_.emplace_back();
    if ((flags & WQ_UNBOUND) != 0 && max_active == 1) flags |= __WQ_ORDERED;
    reset_queue(queue, name, flags, max_active, pools_.size());
    return &queue;
}

void WorkqueueService::check(workqueue_struct* queue) {
    if (is_system_queue(queue)) return;
    for (const workqueue_struct& known : queues_) {
        if (&known != queue) continue;
        if (!known.is_destroyed) return;
        emit_misuse("use-after-free", trace::Severity::Error, "a work queue is used after destroy_workqueue()");
        machine_.stop_execution();
    }
    note_read(queue, sizeof(void*));
    emit_misuse("wild-access", trace::Severity::Error, "the pointer to a work queue points to something else");
    machine_.stop_execution();
}

void WorkqueueService::drain(workqueue_struct* queue) {
    ++queue->drainers;
    queue->flags |= __WQ_DRAINING;
    while (oldest_number(queue, next_number_) != 0) flush_queue(queue, "drain_workqueue");  // ends: work stops queuing itself
    if (--queue->drainers == 0) queue->flags &= ~__WQ_DRAINING;
}

void WorkqueueService::destroy(workqueue_struct* queue) {
    drain(queue);
    queue->is_destroyed = true;
}

void WorkqueueService::set_max_active(workqueue_struct* queue, int max_active) {
    queue->max_active = max_active;
    for (Pool& pool : pools_) activate_waiting(pool, *queue);
}

bool WorkqueueService::is_congested(workqueue_struct* queue, CpuId cpu) {
    const Pool& pool = pool_for(*queue, {.is_any = false, .cpu = cpu});
    return !queue->shares[pool.index].waiting.empty();
}

// ---- queuing -----------------------------------------------------------------------------------------------------------------

WorkqueueService::Pool& WorkqueueService::pool_for(const workqueue_struct& queue, WorkPlace place) {
    const size_t high = (queue.flags & WQ_HIGHPRI) != 0;
    if ((queue.flags & WQ_UNBOUND) != 0) return pools_[pools_.size() - 2 + high];
    const CpuId cpu = place.is_any ? machine_.cpu() : place.cpu;
    return pools_[cpu.index() * 2 + high];
}

void WorkqueueService::queue(work_struct* work, workqueue_struct* queue, WorkPlace place) {
    if ((queue->flags & __WQ_DRAINING) != 0) {
        const TaskRecord* current = &kernel().tasks->current();
        const bool is_chained = std::any_of(workers_.begin(), workers_.end(), [&](const Worker& worker) {
            return worker.thread == current && worker.item.work != nullptr && worker.item.queue == queue;
        });
        if (!is_chained) {
            kloom_warn("WARN_ON_ONCE(!is_chained_work(wq))", "workqueue.c", 0, nullptr);
            return;
        }
    }
    const Worker* running = find_running(work);
    const bool stays = running != nullptr && running->item.queue == queue;
    Pool& pool = stays ? *running->pool : pool_for(*queue, place);
    const WorkItem item{work, queue, next_number_++};
    emit_release(work);
    workqueue_struct::Share& share = queue->shares[pool.index];
    if (share.active >= queue->max_active)
        share.waiting.push_back(item);
    else
        activate(pool, item);
}

void WorkqueueService::activate(Pool& pool, const WorkItem& item) {
    ++item.queue->shares[pool.index].active;
    pool.items.push_back(item);
    ensure_worker(pool);
}

void WorkqueueService::activate_waiting(Pool& pool, workqueue_struct& queue) {
    workqueue_struct::Share& share = queue.shares[pool.index];
    while (!share.waiting.empty() && share.active < queue.max_active) {
        const WorkItem item = share.waiting.front();
        share.waiting.erase(share.waiting.begin());
        activate(pool, item);
    }
}

bool WorkqueueService::unqueue(work_struct* work) {
    const auto is_it = [&](const WorkItem& item) { return item.work == work; };
    for (Pool& pool : pools_) {
        const auto place = std::find_if(pool.items.begin(), pool.items.end(), is_it);
        if (place == pool.items.end()) continue;
        workqueue_struct& queue = *place->queue;
        pool.items.erase(place);
        --queue.shares[pool.index].active;
        activate_waiting(pool, queue);
        waiters_.wake(&queue);
        waiters_.wake(work);
        return true;
    }
    const auto take_from = [&](std::vector<WorkItem>& items) { return std::erase_if(items, is_it) != 0; };
    for (Worker& worker : workers_) {
        if (!take_from(worker.repeats)) continue;
        --worker.item.queue->shares[worker.pool->index].active;
        return true;
    }
    const auto take_from_queue = [&](workqueue_struct& queue) {
        return std::any_of(queue.shares.begin(), queue.shares.end(), [&](auto& share) { return take_from(share.waiting); });
    };
    return std::any_of(queues_.begin(), queues_.end(), take_from_queue) ||
           std::any_of(system_queues.begin(), system_queues.end(), [&](SystemQueue& s) { return take_from_queue(s.queue); });
}

// ---- workers -----------------------------------------------------------------------------------------------------------------

size_t WorkqueueService::count_running(const Pool& pool) const {
    return static_cast<size_t>(std::count_if(pool.workers.begin(), pool.workers.end(), [](const Worker* worker) {
        const bool is_intensive = worker->item.work != nullptr && (worker->item.queue->flags & WQ_CPU_INTENSIVE) != 0;
        const machine::Task* path = worker->thread->path;
        return worker->state != WorkerState::Idle && !is_intensive && path->state != machine::TaskState::Sleeping;
    }));
}

bool WorkqueueService::needs_worker(const Pool& pool) const {
    if (pool.items.empty()) return false;
    if (pool.cpu != trace::kNoCpu) return count_running(pool) == 0;
    const auto woken = std::count_if(pool.workers.begin(), pool.workers.end(),
                                     [](const Worker* worker) { return worker->state == WorkerState::Woken; });
    return static_cast<size_t>(woken) < pool.items.size();
}

void WorkqueueService::ensure_worker(Pool& pool) {
    if (!needs_worker(pool)) return;
    const auto idle = std::find_if(pool.workers.begin(), pool.workers.end(),
                                   [](const Worker* worker) { return worker->state == WorkerState::Idle; });
    Worker& worker = idle != pool.workers.end() ? **idle : create_worker(pool);
    worker.state = WorkerState::Woken;
    kernel().tasks->start(*worker.thread);
}

WorkqueueService::Worker& WorkqueueService::create_worker(Pool& pool) {
    Worker& worker = workers_.emplace_back();
    char name[40];
    if (pool.cpu != trace::kNoCpu)
        snprintf(name, sizeof name, "kworker/%u:%zu%s", unsigned{pool.cpu.value}, pool.workers.size(), pool.is_high ? "H" : "");
    else
        snprintf(name, sizeof name, "kworker/u%zu:%zu", pool.index, pool.workers.size());
    machine::CpuSet cpus;
    if (pool.cpu != trace::kNoCpu)
        cpus.set(pool.cpu.index());
    else
        cpus.set();
    worker.pool = &pool;
    worker.thread = &kernel().tasks->create_thread({.name = name,
                                                    .function = &WorkqueueService::worker_main,
                                                    .data = &worker,
                                                    .affinity = cpus,
                                                    .is_bound = pool.cpu != trace::kNoCpu});
    worker.thread->task->flags |= PF_WQ_WORKER | PF_NO_SETAFFINITY;
    if (pool.is_high) set_user_nice(worker.thread->task, kHighPriorityNice);
    pool.workers.push_back(&worker);
    return worker;
}

void WorkqueueService::on_block(machine::Task& task) {
    for (Worker& worker : workers_)
        if (worker.thread->path == &task && worker.state == WorkerState::Working) ensure_worker(*worker.pool);
}

int WorkqueueService::worker_main(void* argument) {
    Worker& worker = *static_cast<Worker*>(argument);
    WorkqueueService& self = *kernel().workqueues;
    for (;;) {  // ends with the execution
        machine().step_global(0);
        while (!self.take_item(worker)) {
            worker.state = WorkerState::Idle;
            kernel().tasks->sleep(TASK_IDLE, "idle", nullptr);
            worker.state = WorkerState::Woken;
        }
        self.process(worker);
    }
}

// The next item that this worker may start. One that another worker runs at present is handed to that one.
bool WorkqueueService::take_item(Worker& worker) {
    Pool& pool = *worker.pool;
    worker.state = WorkerState::Woken;
    if (!worker.repeats.empty()) {
        worker.item = worker.repeats.front();
        worker.repeats.erase(worker.repeats.begin());
        return true;
    }
    if (pool.cpu != trace::kNoCpu && count_running(pool) > 1) return false;
    while (!pool.items.empty()) {
        const WorkItem item = pool.items.front();
        pool.items.erase(pool.items.begin());
        auto* other = const_cast<Worker*>(find_running(item.work));
        if (other == nullptr || other->pool != &pool) {
            worker.item = item;
            return true;
        }
        other->repeats.push_back(item);
    }
    return false;
}

// Runs worker.item. Nothing of the work_struct is used after its function has begun: it may free it.
void WorkqueueService::process(Worker& worker) {
    work_struct* work = worker.item.work;
    worker.state = WorkerState::Working;
    note_object(work, sizeof *work, "process_one_work");
    work->data.counter &= ~kPending;
    if (worker.pool->cpu == trace::kNoCpu || (worker.item.queue->flags & WQ_CPU_INTENSIVE) != 0) ensure_worker(*worker.pool);
    emit_acquire(work);
    worker.slot.begin(work);
    call_module("work", work->func, work);
    machine_.step_global(0);
    worker.slot.end();
    emit_release(work);
    emit_release(worker.item.queue);
    finish(worker);
    machine_.reschedule_point(true);
}

void WorkqueueService::finish(Worker& worker) {
    const WorkItem item = worker.item;
    worker.item = {};
    --item.queue->shares[worker.pool->index].active;
    activate_waiting(*worker.pool, *item.queue);
    waiters_.wake(item.work);
    waiters_.wake(item.queue);
}

// ---- finding and waiting -------------------------------------------------------------------------------------------------------

const WorkqueueService::Worker* WorkqueueService::find_running(const work_struct* work) const {
    for (const Worker& worker : workers_)
        if (worker.item.work == work && work != nullptr) return &worker;
    return nullptr;
}

const WorkqueueService::Worker* WorkqueueService::find_worker_of(uint64_t number) const {
    for (const Worker& worker : workers_)
        if (worker.item.work != nullptr && worker.item.number == number) return &worker;
    return nullptr;
}

// All unfinished items: running, in pools, waiting in their queues.
template <class Visitor>
void WorkqueueService::visit_items(Visitor&& visit) const {
    const auto visit_queue = [&](const workqueue_struct& queue) {
        for (const auto& share : queue.shares) std::for_each(share.waiting.begin(), share.waiting.end(), visit);
    };
    for (const Worker& worker : workers_) {
        if (worker.item.work != nullptr) visit(worker.item);
        std::for_each(worker.repeats.begin(), worker.repeats.end(), visit);
    }
    for (const Pool& pool : pools_) std::for_each(pool.items.begin(), pool.items.end(), visit);
    for (const SystemQueue& system : system_queues) visit_queue(system.queue);
    std::for_each(queues_.begin(), queues_.end(), visit_queue);
}

uint64_t WorkqueueService::latest_number(const work_struct* work) const {
    uint64_t latest = 0;
    visit_items([&](const WorkItem& item) {
        if (item.work == work) latest = std::max(latest, item.number);
    });
    return latest;
}

uint64_t WorkqueueService::oldest_number(const workqueue_struct* queue, uint64_t end) const {
    uint64_t oldest = 0;
    visit_items([&](const WorkItem& item) {
        if (item.queue == queue && item.number < end && (oldest == 0 || item.number < oldest)) oldest = item.number;
    });
    return oldest;
}

bool WorkqueueService::is_unfinished(uint64_t number) const {
    bool found = false;
    visit_items([&](const WorkItem& item) { found |= item.number == number; });
    return found;
}

void WorkqueueService::wait_for(uint64_t number, const void* object, const char* function) {
    while (is_unfinished(number)) {  // ends: the work's function returns
        const Worker* worker = find_worker_of(number);
        const void* callback = worker != nullptr ? worker->slot.announce_wait() : nullptr;
        waiters_.wait(object, function);
        if (worker != nullptr) worker->slot.conclude_wait(callback);
    }
}

bool WorkqueueService::flush(work_struct* work) {
    const uint64_t number = latest_number(work);
    if (number != 0) wait_for(number, work, "flush_work");
    emit_acquire(work);
    return number != 0;
}

void WorkqueueService::flush_queue(workqueue_struct* queue, const char* function) {
    const uint64_t end = next_number_;
    while (const uint64_t number = oldest_number(queue, end)) wait_for(number, queue, function);  // ends: numbers below `end` get fewer
    emit_acquire(queue);
}

void WorkqueueService::wait_until_idle(work_struct* work, const char* function) {
    while (const Worker* worker = find_running(work)) wait_for(worker->item.number, work, function);  // ends: pending keeps it out
    emit_acquire(work);
}

work_struct* WorkqueueService::current_work() {
    const TaskRecord* current = &kernel().tasks->current();
    for (const Worker& worker : workers_)
        if (worker.thread == current) return worker.item.work;
    return nullptr;
}

bool WorkqueueService::is_cancelled(const work_struct* work) const {
    return std::find(cancelled_.begin(), cancelled_.end(), work) != cancelled_.end();
}

void WorkqueueService::begin_cancel(work_struct* work) {
    while (is_cancelled(work)) waiters_.wait(work, "cancel_work_sync");  // ends: the other cancellation comes to its end
    cancelled_.push_back(work);
}

void WorkqueueService::end_cancel(work_struct* work) {
    std::erase(cancelled_, work);
    waiters_.wake(work);
}

}  // namespace kloom::kernel
