// TaskService: the kernel's view of tasks, on top of the machine's.
//
// The machine knows paths and CPUs; this service gives each task its task_struct, pid and state, and decides when a state
// change wakes it. Three rules carry everything else:
//
//   state     lives in task_struct::__state, where modules read and write it. A task sleeps in schedule() only if the state
//             is still not TASK_RUNNING there; a waker sets it back, so a wake-up between set_current_state() and
//             schedule() is never lost.
//   lifetime  a task_struct is an object of the memory map with a reference count. The task itself holds one reference,
//             which goes a grace period after its end: here, as soon as no RCU reader is active. Whoever uses the pointer
//             later without a reference of his own uses freed memory, and is found by note_object().
//   order     a wake-up, a stop request and the end of a task publish (emit_release) on the task_struct; the woken task,
//             kthread_should_stop() and kthread_stop() take that over (emit_acquire).
//
// TaskRecord holds what the kernel knows beyond the task_struct, since a module may overwrite the latter.
#pragma once

#include <cstdint>
#include <deque>
#include <string_view>
#include <vector>

#include "kernel/irq/waiters.hpp"
#include "kernel/kernel.hpp"

struct cpumask;
struct pid;
struct task_struct;

namespace kloom::kernel {

inline constexpr int32_t kFirstKernelPid = 100;  // 0, 1 and 2 are swapper, systemd and kthreadd
inline constexpr int kSignals = 64;
inline constexpr int kSignalKill = 9;

struct TaskRecord {
    task_struct* task = nullptr;
    ::pid* identity = nullptr;      // outlives the task_struct
    machine::Task* path = nullptr;  // null: a task that never runs (init, kthreadd, idle), or one that has ended
    bool is_linked = false;         // in the list of all tasks
    bool is_freed = false;

    // Kernel threads.
    bool is_kthread = false;
    bool is_kthread_per_cpu = false;
    bool should_stop = false;
    bool should_park = false;
    bool is_parked = false;
    bool has_exited = false;
    int (*function)(void*) = nullptr;
    void* data = nullptr;
    int result = 0;
    std::vector<TaskRecord*> waiters;  // tasks that wait for its end or its halt

    bool is_said_to_be_atomic = false;  // it slept with preemption off and the log says so

    // Signals, as bit masks: bit 0 is signal 1. A kthread receives only what it allowed.
    uint64_t pending_signals = 0;
    uint64_t allowed_signals = 0;
};

struct ThreadSpec {
    const char* name = "";
    int (*function)(void*) = nullptr;
    void* data = nullptr;
    machine::CpuSet affinity = machine::CpuSet().set();
    bool is_bound = false;  // to its affinity; it cannot be changed by others
};

class TaskService final : public Service {
  public:
    explicit TaskService(machine::Machine& machine);

    void begin_execution() override;
    void report_leftovers(const ModuleImage& module) override;

    // ---- tasks ------------------------------------------------------------------------------------------------------
    // The running task, in an interrupt the one interrupted; the idle task of the CPU if there is none.
    TaskRecord& current();
    // The record of a task that a module named; checks that it is live memory. `function` as for note_object(). Null, after
    // a finding, when it is no task.
    TaskRecord* find(task_struct* task, const char* function);
    TaskRecord* find_pid(int32_t pid);
    TaskRecord* record_of(const machine::Task& path);
    // All tasks of this execution in order of creation; ended ones too (path is null then).
    std::deque<TaskRecord>& records() { return records_; }
    TaskRecord& idle_task(CpuId cpu);

    // A kernel thread that begins to run when it is woken. The caller stepped (Global) before.
    TaskRecord& create_thread(const ThreadSpec& spec);
    // Makes it run: create_thread() and this are all that the kernel's own threads need.
    void start(TaskRecord& record);
    // Ends the running task: it is no longer found, and waiters go on. Steps. The fiber ends by returning or exit_task().
    void exit_current(int result);
    // The running task is about to give its CPU away: the log says so when it must not. Does not step.
    void complain_if_atomic();

    // The task's comm, cut to its length.
    void set_name(TaskRecord& record, std::string_view name);

    void get_reference(TaskRecord& record);
    void put_reference(TaskRecord& record);

    // ---- sleeping and waking ----------------------------------------------------------------------------------------
    // Wakes the task if its state is one of `states` (TASK_NORMAL ...). The caller stepped (Global) before.
    bool wake(TaskRecord& record, unsigned states);
    // Puts the running task into `state` and to sleep until it is woken, a signal that the state admits comes, or the time
    // `deadline` (0: none) is reached. Returns false for the last. Kernel services that block use this.
    bool sleep(unsigned state, const char* what, const void* object, VirtualTime deadline = 0);
    // schedule(): sleeps if the task's state says so, otherwise lets others run. As above.
    bool schedule(const char* what, VirtualTime deadline);
    // Waits until `condition(record)`; whoever makes it true calls wake_waiters(record).
    void wait_for(TaskRecord& record, bool (*condition)(const TaskRecord&), const char* what);
    void wake_waiters(TaskRecord& record);

    // ---- signals ----------------------------------------------------------------------------------------------------
    // The caller stepped (Global) before. False when the task ignores it.
    bool send_signal(TaskRecord& record, int signal);
    bool has_signal(const TaskRecord& record) const;
    bool has_signal_for(const TaskRecord& record, unsigned state) const;
    // Takes the lowest pending signal off a task; 0 if there is none.
    int take_signal(TaskRecord& record);
    void ignore_signal(TaskRecord& record, int signal);
    void clear_signals(TaskRecord& record);

    // ---- CPUs -------------------------------------------------------------------------------------------------------
    // 0 or -EINVAL when the set holds no online CPU. The caller stepped (Global) before.
    int set_affinity(TaskRecord& record, const machine::CpuSet& cpus);
    machine::CpuSet affinity(const TaskRecord& record) const;

    // Tasks that wait for work of a kthread_worker, by the address of the work.
    Waiters& work_waiters() { return work_waiters_; }

    // ---- called by the kernel ---------------------------------------------------------------------------------------
    void on_switch(machine::Task* previous, machine::Task* next, CpuId cpu);
    void on_task_end(machine::Task& path);
    // Frees the task_structs whose last holder was their own task, when no RCU reader can see them.
    void reap();

  private:
    TaskRecord& add_record(std::string_view name, int32_t pid);
    TaskRecord& adopt(machine::Task& path);
    void populate();
    void link(TaskRecord& record, task_struct& parent);
    void unlink(TaskRecord& record);
    void release(TaskRecord& record);
    static void thread_main(void* record);

    std::deque<TaskRecord> records_;
    std::vector<TaskRecord*> idle_tasks_;  // [cpu]; null until asked for
    std::vector<TaskRecord*> ended_;       // whose own reference waits for the end of RCU readers
    Waiters work_waiters_;
    int32_t next_pid_ = kFirstKernelPid;
};

machine::CpuSet cpu_set_of(const struct cpumask* mask);
void copy_cpu_set(const machine::CpuSet& cpus, struct cpumask* mask);

}  // namespace kloom::kernel
