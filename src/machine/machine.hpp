// The virtual SMP machine: CPUs that run kernel control paths as fibers, one step at a time.
//
//   CPU 0                      CPU 1                     choices at every visible operation:
//   +-- hardirq (line 19)      +-- softirq TIMER           - which CPU steps
//   +-- task "insmod"          +-- task "kthread/0"        - an interrupt or a timer event arrives
//   run queue: ...             run queue: ...              - a CPU preempts its task; a task migrates
//
// Every CPU has a stack of paths: a task at the bottom, softirq and hardirq handlers nested on it. Only the top one can
// step. A path runs on its own fiber until its next visible operation, where it parks in `step()`; the machine lists
// what may happen next and asks the Chooser. Nothing else in the machine varies.
//
// Rules for code that runs on fibers (src/kernel, the module): a host lock, an iterator, or memory owned by the stack
// must not be held across step(), sleep() or anything that calls them, because an abandoned fiber is never unwound.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <deque>
#include <vector>

#include "machine/fiber.hpp"
#include "trace/choice.hpp"
#include "trace/event.hpp"
#include "trace/finding.hpp"
#include "trace/ids.hpp"
#include "trace/memory_map.hpp"
#include "trace/operation.hpp"
#include "trace/path.hpp"
#include "trace/visible_set.hpp"

namespace kloom::machine {

using trace::CpuId;
using trace::PathId;
using trace::VirtualTime;
using CpuSet = std::bitset<trace::kCpusMax>;

enum class PreemptModel : uint8_t { None, Voluntary, Full };

// Causes of concurrency that can be switched off (DESIGN.md section 2, line 6).
struct Causes {
    bool interrupt = true;   // no device interrupts arrive
    bool softirq = true;     // softirqs run only while their CPU is otherwise idle
    bool preemption = true;  // no kernel preemption: as --preempt none
    bool sleep = true;       // a task that sleeps keeps its CPU
    bool smp = true;         // one CPU
};

struct MachineConfig {
    int cpus = 2;           // online at boot
    int possible_cpus = 2;  // cpu_possible_mask
    PreemptModel preempt = PreemptModel::Full;
    Causes causes;
    uint32_t hz = 250;
    uint64_t events_max = 4'000'000;        // per execution; more ends it as Cut
    uint64_t lockup_events = 200'000;       // events of one path without a chance to schedule: soft lockup
    // A path that runs on for so long lets others run (fairness, not a choice). A prime: slices end at every place of a loop in turn.
    uint64_t slice_events = 1'999;
    VirtualTime timer_slack_ns = 8'000'000; // a timer may fire this long before idle time reaches it
    VirtualTime hung_after_ns = 120 * trace::kNanosecondsPerSecond;  // Linux's hung_task_timeout_secs
};

enum class TaskState : uint8_t { New, Runnable, Running, Sleeping, Dead };

// A kernel control path. Tasks and handlers alike.
struct Path : trace::PathInfo {
    Fiber fiber;
    trace::Operation pending;       // what it does when it is next stepped
    void (*entry)(void*) = nullptr;
    void* argument = nullptr;
    uint64_t slice_used = 0;        // events since it last gave others a chance
    uint64_t events_without_schedule = 0;
    bool is_delaying = false;       // busy-waits until delay_until
    VirtualTime delay_until = 0;
    bool has_cpu_dependence = false;  // it read a CPU number or per-CPU address while preemptible
    bool is_spinning = false;         // its last visible operation was a spin loop's hint
    bool at_reschedule_point = false; // parked where the voluntary model may preempt
    bool at_interrupt_window = false; // parked where interrupts have been enabled: those that are due come first
    bool is_started = false;          // its fiber has run
    uint32_t clock_reads = 0;         // in a row, without sleeping
    uint32_t condition_depth = 0;     // inside the condition of a wait macro: its reads count as marked
    uint32_t sequence_readers = 0;    // sections of sequence counters' readers it is in: their accesses count as marked
    uint32_t sequence_reads_left = 0; // until such a section is taken for given up
    uint32_t intended_race_depth = 0; // inside data_race(): its accesses race on purpose
    uintptr_t call_pc = 0;            // where the module called the running kernel function
    Path* below = nullptr;          // handlers: the path it interrupted; null if the CPU was idle
};

// A task: a path that can sleep. The kernel hangs its task_struct on `client`.
struct Task : Path {
    TaskState state = TaskState::New;
    CpuSet affinity;
    bool timed_out = false;         // the last sleep ended by its deadline
    VirtualTime wake_at = 0;        // deadline of the sleep, 0: none
    VirtualTime slept_at = 0;       // when the sleep began
    bool is_uninterruptible = false;  // sleeps until it is woken, whatever signals come: hung when that takes too long
    uint64_t hung_periods = 0;        // of hung_after_ns that observers were told of
    const char* waits_for = nullptr;
    uintptr_t waits_on = 0;
    void* client = nullptr;
    uint64_t queued_at = 0;         // order of arrival in the run queue
    bool was_just_chosen = false;   // got its CPU by a choice and has not stepped since: not taken from it again
};

// A timer event: calls `function` in hardirq context on `cpu` at or after `expires`. Owned by the caller, intrusive; must
// stay alive while armed.
struct TimerEvent {
    VirtualTime expires = 0;
    CpuId cpu;
    void (*function)(TimerEvent&) = nullptr;
    void* owner = nullptr;
    bool is_armed = false;
    bool is_prompt = false;         // a CPU's interrupt to itself: no choice, it comes as soon as interrupts are on
    uint64_t sequence = 0;          // ties are fired in arming order
};

struct TaskSpec {
    const char* name = "";
    void (*entry)(void*) = nullptr;  // returning from it ends the task
    void* argument = nullptr;
    int32_t pid = 0;
    bool is_user = false;
    CpuSet affinity = CpuSet().set();
    void* client = nullptr;
};

inline constexpr uint32_t kIrqLines = 256;
inline constexpr int kSoftirqs = 10;
inline constexpr int kSoftirqRestarts = 10;  // Linux's MAX_SOFTIRQ_RESTART; then ksoftirqd takes over

struct IrqLine {
    bool is_requested = false;    // a handler is registered
    uint32_t disable_depth = 0;   // disable_irq nests
    bool in_progress = false;     // its handler runs on some CPU
    CpuId affinity = trace::kNoCpu;  // the only CPU it may interrupt; kNoCpu: any
    uint32_t pending = 0;         // times it was raised and not yet handled
    std::array<uint64_t, trace::kCpusMax> count{};  // handled, per CPU
};

// What the environment on the machine (the kernel) provides. All functions run on fibers unless said otherwise.
class Environment {
  public:
    virtual ~Environment() = default;
    // A new execution begins: the machine is reset, no task exists, observers have been told. Not on a fiber.
    virtual void begin_execution() {}
    // In hardirq context with interrupts off: calls the handlers of `line`.
    virtual void handle_irq(uint32_t line) = 0;
    // In softirq context with interrupts on: runs softirq vector `nr`.
    virtual void handle_softirq(int nr) = 0;
    // A task is about to run on a CPU / finished. Main context or fiber; must not step.
    virtual void on_switch(Task* /*previous*/, Task* /*next*/, CpuId) {}
    virtual void on_task_end(Task&) {}
    // The current task sleeps from now on and is about to leave its CPU. May wake others; must not step.
    virtual void on_block(Task&) {}
    // Too many softirq rounds, or raised outside interrupt context: wake that CPU's ksoftirqd. Must not step.
    virtual void wake_softirq_thread(CpuId) = 0;
    // The scheduler tick's CPU-local work, in hardirq context (only when the environment arms a tick).
};

class Machine {
  public:
    explicit Machine(const MachineConfig& config);
    ~Machine();
    Machine(const Machine&) = delete;
    Machine& operator=(const Machine&) = delete;

    const MachineConfig& config() const { return config_; }
    void set_environment(Environment& environment) { environment_ = &environment; }
    trace::ObserverList& observers() { return observers_; }
    trace::MemoryMap& memory() { return memory_; }
    trace::VisibleSet& visible() { return visible_; }

    // ---- one execution (called from outside) ----------------------------------------------------------------------
    // Resets the machine, creates the first task (on CPU 0) with `boot` and runs until nothing is left to do.
    trace::ExecutionSummary run(const TaskSpec& boot, trace::Chooser& chooser);

    // ---- the current path (everything below is called on fibers) --------------------------------------------------
    bool is_running() const { return current_ != nullptr; }  // false outside run() and in the scheduler
    Path& current() { return *current_; }
    Task& current_task();  // the task at the bottom of this CPU's stack; the idle task's stand-in if there is none
    CpuId cpu() const { return current_->cpu; }
    VirtualTime now() const { return now_; }
    uint64_t position() const { return position_; }
    uint64_t events() const { return events_; }
    uintptr_t stack_size_bytes() const;

    // Emits an event of the current path; fills in cpu, path, info, number and time.
    void emit(trace::Event event);
    // A finding that the machine cannot survive ends the execution: switches away for ever.
    [[noreturn]] void stop_execution();
    // The program is done (after unload): remaining tasks are not waited for.
    [[noreturn]] void end_program();

    // ---- visible operations ----------------------------------------------------------------------------------------
    // Parks the current path in front of `operation` and returns when it has been chosen and is ready. What the caller
    // does from here to the next step() is atomic.
    void step(const trace::Operation& operation);
    // Shorthands. `pc` may be 0.
    void step_object(trace::OperationKind kind, const void* object, uintptr_t pc);  // footprint: that object, as a write
    void step_global(uintptr_t pc);                                                // scheduling, creation, wake-ups
    void step_local(uintptr_t pc);                                                 // this CPU's own state
    // A memory access of instrumented code, about to happen: a step if visible, then the Access event.
    void access(uintptr_t address, uint32_t size, uint16_t flags, uintptr_t pc);
    // The two halves of access(), for operations whose address or flags are known only once it is their turn (this_cpu
    // operations, compare-and-swap): the step, and then the event. `flags` of the step say kWrite when it may write.
    void step_access(uintptr_t address, uint32_t size, uint16_t flags, uintptr_t pc);
    void emit_access(uintptr_t address, uint32_t size, uint16_t flags, uintptr_t pc);

    // ---- context -----------------------------------------------------------------------------------------------------
    // preempt_count and interrupt flag of the current path; both emit ContextChange. They do not step: the kernel calls
    // step_local() first, and check_preemption() after enabling.
    void add_preempt_count(uint32_t value);
    void sub_preempt_count(uint32_t value);
    void set_irqs_disabled(bool disabled);
    // Interrupts may be on again: what is due comes before the current path goes on. An interrupt that this CPU has sent
    // to itself comes for certain, a timer unless it is postponed by a choice.
    void accept_interrupts();
    // local_bh_enable and friends: runs pending softirqs of this CPU when context allows.
    void run_pending_softirqs();
    // cond_resched(), might_resched(): a point at which voluntary (and none, if `explicit_point`) preemption may happen.
    void reschedule_point(bool explicit_point);

    // ---- tasks ---------------------------------------------------------------------------------------------------------
    // A new task, not yet runnable: wake() starts it. Owned by the machine until the execution ends.
    Task& create_task(const TaskSpec& spec);
    // Makes a sleeping or new task runnable and places it on a CPU. The caller stepped (Global) before. Returns false and
    // does nothing when it was awake already; nothing is lost by that, because check, step and sleep() are one atomic step
    // of the sleeper.
    bool wake(Task& task);
    // The current task leaves its CPU until wake(). `what` and `object` name the reason in reports ("mutex", &lock).
    void sleep(const char* what, const void* object);
    // The same with a deadline; returns false when it passed.
    bool sleep_until(VirtualTime deadline, const char* what, const void* object);
    // Gives others on this CPU a turn.
    void yield();
    // Busy-waits (udelay, mdelay): the CPU is occupied, interrupts may come, others proceed.
    void delay(VirtualTime duration_ns, uintptr_t pc);
    // A spin loop's hint (cpu_relax): others get a turn; when none can step, the clock moves.
    void relax(uintptr_t pc);
    // The path reads a clock (jiffies, ktime_get): when it does nothing else for long, the clock moves.
    void note_clock_read();
    [[noreturn]] void exit_task();
    // Changes where a task may run; moves it when it must. The current task continues on an allowed CPU.
    void set_affinity(Task& task, const CpuSet& cpus);
    Task* find_task(int32_t pid);
    const std::deque<Task>& tasks() const { return tasks_; }

    // ---- interrupts, softirqs, timers -----------------------------------------------------------------------------------
    IrqLine& line(uint32_t number) {
        lines_used_.set(number);
        return lines_[number];
    }
    // A device raises `number`, `times` times; it interrupts a CPU when one can take it.
    void raise_irq(uint32_t number, uint32_t times = 1);
    // Runs the line's handlers at once, nested on the current path (software interrupt instruction).
    void interrupt_now(uint32_t number);
    void raise_softirq(int nr);  // on the current CPU; pending until interrupt exit, bh_enable or ksoftirqd
    uint32_t pending_softirqs(CpuId cpu) const { return cpus_[cpu.index()].softirq_pending; }
    // ksoftirqd's body: runs one round of pending softirqs of its CPU.
    void run_softirqs_in_thread();
    void arm(TimerEvent& event, VirtualTime expires, CpuId cpu);  // re-arms when armed; a prompt event expires at once
    bool disarm(TimerEvent& event);                               // false when it was not armed

    // ---- CPUs ---------------------------------------------------------------------------------------------------------------
    CpuSet online() const { return online_; }
    int possible_cpus() const { return config_.possible_cpus; }
    bool is_idle(CpuId cpu) const { return cpus_[cpu.index()].top == nullptr; }
    // Path on top of CPU `cpu`'s stack and its task; null when idle.
    Path* top(CpuId cpu) { return cpus_[cpu.index()].top; }
    Task* running_task(CpuId cpu) { return cpus_[cpu.index()].task; }
    void set_online(CpuId cpu, bool online);  // tasks are moved away first by the kernel

    // ---- the session's side ---------------------------------------------------------------------------------------------
    // Ends the execution at the next event; for findings that the code under test cannot survive.
    void request_stop() { stop_requested_ = true; }
    bool in_execution() const { return in_execution_; }
    // The word whose reads count as reads of a clock (jiffies).
    void set_clock_variable(uintptr_t address, uint32_t size) { clock_variable_ = {address, size}; }
    // Called whenever the clock moves; updates what the environment derives from it. Must not step.
    void set_clock_listener(void (*listener)(VirtualTime)) { clock_listener_ = listener; }
    const StackPool& stacks() const { return stacks_; }
    // The number of observed accesses and operations so far; a watchdog sees by it whether the code under test moves.
    const volatile uint64_t& heartbeat() const { return position_; }

  private:
    struct Cpu {
        CpuId id;
        Path* top = nullptr;
        Task* task = nullptr;              // bottom of the stack; null when idle
        Task* previous = nullptr;          // the task before
        Task* held_by = nullptr;           // a sleeper that keeps the CPU (without the cause `sleep`)
        std::vector<Task*> queue;          // runnable, in order of arrival
        uint32_t softirq_pending = 0;
        std::vector<TimerEvent*> timers;   // armed, sorted by (expires, sequence)
    };
    struct Handler : Path {
        TimerEvent* event = nullptr;       // hardirq of a timer event; otherwise of `line`
    };
    // Handlers of one CPU: hardirqs by nesting depth, then the softirq.
    static constexpr int kHardirqDepthMax = 3;
    static constexpr int kHandlersPerCpu = kHardirqDepthMax + 1;
    static constexpr int kAlternativesMax = 192;
    struct AlternativeList {
        std::array<trace::Alternative, kAlternativesMax> items;
        size_t count = 0;
    };

    // scheduler.cpp
    void decide_and_switch();
    bool decide(trace::Choice& choice);
    bool collect_alternatives();
    bool is_due_for_preemption(const Path& path) const;
    bool is_due_for_interrupt(const Path& path) const;
    bool collect_steps();
    void collect_interrupts(bool is_idle);
    void collect_timers();
    void collect_preemptions();
    void collect_migrations();
    void add_alternative(trace::Choice choice, uint8_t cost, const Path* path);
    bool is_enabled(const Path& path) const;
    bool can_interrupt(const Cpu& cpu) const;
    bool can_preempt(const Cpu& cpu) const;
    bool line_can_fire(uint32_t number, const Cpu& cpu) const;
    void apply(const trace::Choice& choice);
    void preempt(Cpu& cpu, Task& next);
    void migrate(Cpu& from, Cpu& to);
    void dispatch(Cpu& cpu, Task& task);
    void leave_cpu(Cpu& cpu);
    void fill_idle_cpus();
    Cpu& choose_cpu(Task& task);
    void enqueue(Cpu& cpu, Task& task);
    void remove_from_queue(Task& task);
    void switch_to(Path& path);
    bool gives_way(const Path* path) const;
    bool others_can_go_on() const;
    void let_time_pass();
    bool release_held_cpus();
    void report_stuck();
    [[noreturn]] void leave_path();

    // interrupts.cpp
    Handler& handler_slot(Cpu& cpu, trace::PathKind kind);
    void begin_handler(Cpu& cpu, trace::PathKind kind, uint32_t line, TimerEvent* event);
    void run_handler(Handler& handler);
    void run_softirq_rounds(Cpu& cpu);
    void finish_handler(Handler& handler);
    void fire_timer(Cpu& cpu);
    void fire_prompt_events();
    void move_clock(VirtualTime to);
    void note_hung_tasks();
    VirtualTime next_deadline() const;
    void remove_timer(TimerEvent& event);

    // machine.cpp
    static void path_main();
    void start_fiber(Path& path);
    void reset();
    void emit_for(Path& path, trace::Event event);
    void emit_context_change(uint32_t old_count, bool old_irqs);
    void use_slice(Path& path);
    void check_lockup(Path& path);
    Cpu& cpu_of(const Path& path) { return cpus_[path.cpu.index()]; }
    const Cpu& cpu_of(const Path& path) const { return cpus_[path.cpu.index()]; }

    MachineConfig config_;
    Environment* environment_ = nullptr;
    trace::ObserverList observers_;
    trace::MemoryMap memory_;
    trace::VisibleSet visible_;
    StackPool stacks_;

    std::vector<Cpu> cpus_;          // [cpu]
    std::vector<Handler> handlers_;  // [cpu * kHandlersPerCpu + slot]; PathId is the index
    std::deque<Task> tasks_;         // PathId is kHandlersPerCpu * possible_cpus + index
    std::array<IrqLine, kIrqLines> lines_{};
    std::bitset<kIrqLines> lines_used_;   // in this execution; the others are as new
    std::vector<uint32_t> raised_lines_;  // lines with pending > 0
    CpuSet online_;

    Path* current_ = nullptr;
    Path* last_ = nullptr;           // the path that stepped last
    Fiber main_fiber_;               // whoever called run()
    Fiber scheduler_fiber_;          // decides after a path has ended
    trace::Chooser* chooser_ = nullptr;
    AlternativeList alternatives_;
    trace::ExecutionSummary summary_;
    VirtualTime now_ = 0;
    volatile uint64_t position_ = 0;
    uint64_t forced_position_ = ~uint64_t{0};
    bool sees_every_step_ = false;
    uint64_t events_ = 0;
    uint64_t timer_sequence_ = 0;
    uint32_t prompt_events_ = 0;     // armed
    uint64_t queue_sequence_ = 0;
    int strides_ = 0;                // doublings of the clock's stride while a path computes
    bool stop_requested_ = false;
    bool in_execution_ = false;
    struct {
        uintptr_t address = 0;
        uint32_t size = 0;
    } clock_variable_;
    void (*clock_listener_)(VirtualTime) = nullptr;
};

// The machine of this process; null before one exists. The hooks and the kernel reach it here and nowhere else.
extern Machine* current_machine;
inline Machine& machine() { return *current_machine; }
inline Machine* machine_or_null() { return current_machine; }

}  // namespace kloom::machine
