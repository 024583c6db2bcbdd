// Work queues: which worker thread calls which work function, and when.
//
//   queue ----> work item ----> pool of CPU c (or the unbound pool) ----> worker "kworker/c:n"
//     \ more than max_active of the queue in that pool: waits in the queue until one of them is done
//
// A bound pool keeps one worker running: the next item starts when the function returns or sleeps. Workers of the unbound pool
// take an item each. An item that is queued while its function runs goes to the pool, and at last to the worker, that runs it:
// it never runs twice at once. Items are kept here with a number of their own, because a module may queue a work_struct again,
// or free it, while an earlier queuing of it is still served; flushing waits for numbers, not for work_structs.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "kernel/irq/callback.hpp"
#include "kernel/irq/waiters.hpp"

struct work_struct;
struct workqueue_struct;

namespace kloom::kernel {

struct TaskRecord;

struct WorkItem {
    work_struct* work = nullptr;
    workqueue_struct* queue = nullptr;
    uint64_t number = 0;  // distinct in an execution, in order of queuing
};

// What is asked for in queue_work_on(): the CPU the caller named, or none.
struct WorkPlace {
    bool is_any = true;
    CpuId cpu;
};

class WorkqueueService final : public Service {
  public:
    explicit WorkqueueService(machine::Machine& machine);
    ~WorkqueueService() override;

    void begin_execution() override;
    void report_leftovers(const ModuleImage& module) override;

    // ---- queues; all callers have stepped (Global) ---------------------------------------------------------------------
    workqueue_struct* create(const char* name, unsigned flags, int max_active);
    // Waits until the queue is empty; in the meantime only its own work may queue. Sleeps.
    void drain(workqueue_struct* queue);
    void destroy(workqueue_struct* queue);
    void set_max_active(workqueue_struct* queue, int max_active);
    bool is_congested(workqueue_struct* queue, CpuId cpu);
    // Checks a pointer that the module passed: a queue that was destroyed, or is none, is a finding.
    void check(workqueue_struct* queue);

    // ---- items; all callers have stepped (Global) ----------------------------------------------------------------------
    // The work's pending bit is set already.
    void queue(work_struct* work, workqueue_struct* queue, WorkPlace place);
    // Takes the work off its queue; false when it is in none.
    bool unqueue(work_struct* work);
    bool is_running(const work_struct* work) const { return find_running(work) != nullptr; }
    // Waits for the latest queuing of the work. False when there is none.
    bool flush(work_struct* work);
    void flush_queue(workqueue_struct* queue, const char* function);
    // Waits until the work's function does not run.
    void wait_until_idle(work_struct* work, const char* function);
    // The work whose function the current task calls; null if none.
    work_struct* current_work();
    // Marks the work as being cancelled, after any other cancellation of it; the bit pending keeps it from being queued.
    void begin_cancel(work_struct* work);
    void end_cancel(work_struct* work);
    bool is_cancelled(const work_struct* work) const;

    // The machine's call: a task is about to sleep. Another worker of its pool may go on.
    void on_block(machine::Task& task);

  private:
    enum class WorkerState : uint8_t { Idle, Woken, Working };
    struct Pool;
    struct Worker {
        Pool* pool = nullptr;
        TaskRecord* thread = nullptr;
        CallbackSlot slot{"work function", true};
        WorkerState state = WorkerState::Woken;
        WorkItem item;                  // being worked on; item.work is null otherwise
        std::vector<WorkItem> repeats;  // the same work, queued again meanwhile
    };
    struct Pool {
        size_t index = 0;
        CpuId cpu = trace::kNoCpu;  // kNoCpu: unbound
        bool is_high = false;
        std::vector<WorkItem> items;
        std::vector<Worker*> workers;
    };

    Pool& pool_for(const workqueue_struct& queue, WorkPlace place);
    void activate(Pool& pool, const WorkItem& item);
    void activate_waiting(Pool& pool, workqueue_struct& queue);
    void ensure_worker(Pool& pool);
    bool needs_worker(const Pool& pool) const;
    size_t count_running(const Pool& pool) const;
    Worker& create_worker(Pool& pool);
    static int worker_main(void* worker);
    bool take_item(Worker& worker);
    void process(Worker& worker);
    void finish(Worker& worker);

    const Worker* find_running(const work_struct* work) const;
    const Worker* find_worker_of(uint64_t number) const;
    // The number of the latest queuing of the work that is not finished; 0 if none.
    uint64_t latest_number(const work_struct* work) const;
    // The lowest unfinished number of the queue below `end`; 0 if none.
    uint64_t oldest_number(const workqueue_struct* queue, uint64_t end) const;
    bool is_unfinished(uint64_t number) const;
    template <class Visitor>
    void visit_items(Visitor&& visit) const;
    void wait_for(uint64_t number, const void* object, const char* function);

    machine::Machine& machine_;
    std::deque<workqueue_struct> queues_;  // of the module; they stay known when destroyed
    std::vector<Pool> pools_;              // [cpu * 2 + is_high], then the two unbound ones; sized once
    std::deque<Worker> workers_;
    std::vector<const work_struct*> cancelled_;
    uint64_t next_number_ = 1;
    Waiters waiters_;  // object: the work or the queue waited for
};

}  // namespace kloom::kernel
