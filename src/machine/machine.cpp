// The machine's core: executions, events, visible operations and the context of the current path.

#include "machine/machine.hpp"

#include <algorithm>

#include "base/check.hpp"

namespace kloom::machine {

using trace::Event;
using trace::EventKind;
using trace::ExecutionEnd;
using trace::Footprint;
using trace::Operation;
using trace::OperationKind;
using trace::Scope;

Machine* current_machine = nullptr;

Machine::Machine(const MachineConfig& config) : config_(config), stacks_(trace::kPathsMax + 1) {
    CHECK(current_machine == nullptr, "one machine per process");
    CHECK(config.cpus >= 1 && config.cpus <= config.possible_cpus && config.possible_cpus <= trace::kCpusMax,
          "%d of %d CPUs", config.cpus, config.possible_cpus);
    current_machine = this;
    cpus_.resize(static_cast<size_t>(config.possible_cpus));
    handlers_.resize(cpus_.size() * kHandlersPerCpu);
    memory_.set_stacks(StackPool::kBegin, StackPool::kStrideBytes, stacks_.count());
}

Machine::~Machine() { current_machine = nullptr; }

uintptr_t Machine::stack_size_bytes() const { return StackPool::kStrideBytes - StackPool::kGuardBytes; }

// ---- executions ------------------------------------------------------------------------------------------------------

void Machine::reset() {
    for (size_t index = 0; index < cpus_.size(); ++index) {
        Cpu& cpu = cpus_[index];
        cpu.id = CpuId(static_cast<uint16_t>(index));
        cpu.top = nullptr;
        cpu.task = cpu.previous = nullptr;
        cpu.queue.clear();
        cpu.held_by = nullptr;
        cpu.softirq_pending = 0;
        cpu.timers.clear();
    }
    tasks_.clear();
    raised_lines_.clear();
    online_.reset();
    for (int cpu = 0; cpu < config_.cpus; ++cpu) online_.set(static_cast<size_t>(cpu));
    for (size_t index = 0; index < handlers_.size(); ++index) memory_.set_stack_owner(static_cast<int>(index), PathId(static_cast<uint16_t>(index)));
    memory_.begin_execution();
    current_ = last_ = nullptr;
    summary_ = {};
    now_ = 0;
    position_ = 0;
    events_ = 0;
    timer_sequence_ = queue_sequence_ = 0;
    prompt_events_ = 0;
    strides_ = 0;
    stop_requested_ = false;
}

trace::ExecutionSummary Machine::run(const TaskSpec& boot, trace::Chooser& chooser) {
    reset();
    chooser_ = &chooser;
    forced_position_ = chooser.forced_position();
    sees_every_step_ = chooser.sees_every_step();
    observers_.begin_execution();
    if (environment_ != nullptr) environment_->begin_execution();
    in_execution_ = true;
    Task& task = create_task(boot);
    task.state = TaskState::Runnable;
    enqueue(cpus_[0], task);
    prepare_fiber(scheduler_fiber_, stacks_.top(trace::kPathsMax), stack_size_bytes(), path_main);
    switch_fiber(main_fiber_, scheduler_fiber_);  // returns when the execution is over
    in_execution_ = false;
    current_ = nullptr;
    observers_.end_execution();
    chooser_ = nullptr;
    for (size_t line = 0; line < kIrqLines && lines_used_.any(); ++line) {
        if (!lines_used_.test(line)) continue;
        lines_[line] = IrqLine{};
        lines_used_.reset(line);
    }
    summary_.steps = position_;
    summary_.events = events_;
    return summary_;
}

void Machine::stop_execution() {
    if (summary_.end == ExecutionEnd::Complete) summary_.end = ExecutionEnd::Stopped;
    end_program();
}

void Machine::end_program() {
    Fiber abandoned;
    current_ = nullptr;
    switch_fiber(abandoned, main_fiber_);
    __builtin_unreachable();
}

// ---- events ----------------------------------------------------------------------------------------------------------

void Machine::emit(Event event) {
    if (current_ == nullptr) {
        event.number = events_++;
        event.time = now_;
        observers_.notify(event);
        return;
    }
    if (event.pc == 0) event.pc = current_->call_pc;
    emit_for(*current_, event);
}

void Machine::emit_for(Path& path, Event event) {
    event.path = path.id;
    event.cpu = path.cpu;
    event.info = &path;
    event.number = events_++;
    event.time = now_;
    observers_.notify(event);
    if (stop_requested_ && in_execution_) [[unlikely]] stop_execution();
    if (events_ > config_.events_max) [[unlikely]] {
        summary_.end = ExecutionEnd::Cut;
        stop_execution();
    }
}

// ---- visible operations ------------------------------------------------------------------------------------------------

void Machine::step(const Operation& operation) {
    Path& path = *current_;
    path.pending = operation;
    path.pending.footprint.cpu = path.cpu;
    if (path.pending.pc == 0) path.pending.pc = path.call_pc;
    use_slice(path);
    decide_and_switch();
}

// Counts what a path does without a pause, be it accesses or calls of the kernel.
void Machine::use_slice(Path& path) {
    ++path.slice_used;
    if (++path.events_without_schedule > config_.lockup_events) [[unlikely]] check_lockup(path);
}

void Machine::step_object(OperationKind kind, const void* object, uintptr_t pc) {
    step({.kind = kind,
          .footprint = {.address = reinterpret_cast<uintptr_t>(object), .size = 1, .scope = Scope::Object, .is_write = true},
          .pc = pc});
}

void Machine::step_global(uintptr_t pc) {
    step({.kind = OperationKind::Schedule, .footprint = {.scope = Scope::Global}, .pc = pc});
}

void Machine::step_local(uintptr_t pc) {
    step({.kind = OperationKind::Local, .footprint = {.scope = Scope::CpuLocal}, .pc = pc});
}

void Machine::access(uintptr_t address, uint32_t size, uint16_t flags, uintptr_t pc) {
    step_access(address, size, flags, pc);
    emit_access(address, size, flags, pc);
}

void Machine::step_access(uintptr_t address, uint32_t size, uint16_t flags, uintptr_t pc) {
    Path& path = *current_;
    if (address - clock_variable_.address < clock_variable_.size) [[unlikely]] note_clock_read();
    const bool is_slice_over = path.slice_used + 1 >= config_.slice_events;
    if (is_slice_over || position_ + 1 == forced_position_ || visible_.contains(address, size)) {
        step({.kind = OperationKind::Access,
              .footprint = {.address = address, .size = size, .scope = Scope::Memory, .is_write = (flags & trace::kWrite) != 0},
              .pc = pc});
    } else {
        use_slice(path);
        position_ = position_ + 1;
    }
}

void Machine::emit_access(uintptr_t address, uint32_t size, uint16_t flags, uintptr_t pc) {
    Path& path = *current_;
    if (path.condition_depth != 0) flags |= trace::kMarked;
    if (path.sequence_readers != 0) {
        flags |= trace::kMarked;
        if (--path.sequence_reads_left == 0) path.sequence_readers = 0;
    }
    if (path.intended_race_depth != 0) flags |= trace::kIgnoreRace;
    Event event;
    event.kind = EventKind::Access;
    event.flags = flags;
    event.size = size;
    event.pc = pc;
    event.address = address;
    emit_for(path, event);
}

void Machine::check_lockup(Path& path) {
    path.events_without_schedule = 0;
    if (path.is_user || (path.is_preemptible() && config_.preempt == PreemptModel::Full)) return;
    Event event;
    event.kind = EventKind::Misuse;
    event.flags = static_cast<uint16_t>(trace::Severity::Error);
    event.text = "soft-lockup";
    event.detail = "the CPU is stuck: {0} runs on and on and nothing may take the CPU from it";
    emit_for(path, event);
    stop_execution();
}

// ---- context -----------------------------------------------------------------------------------------------------------

void Machine::emit_context_change(uint32_t old_count, bool old_irqs) {
    const bool was_preemptible = old_count == 0 && !old_irqs;
    if (config_.preempt == PreemptModel::Full && (was_preemptible || current_->is_preemptible())) current_->events_without_schedule = 0;
    Event event;
    event.kind = EventKind::ContextChange;
    event.value = old_count | (static_cast<uint64_t>(old_irqs) << 32);
    emit(event);
}

void Machine::add_preempt_count(uint32_t value) {
    const uint32_t old = current_->preempt_count;
    current_->preempt_count = old + value;
    emit_context_change(old, current_->irqs_disabled);
}

void Machine::sub_preempt_count(uint32_t value) {
    const uint32_t old = current_->preempt_count;
    // Below zero it would stay wrong for ever; as Linux does, leave it alone. Observers see a change that is none.
    const bool is_underflow = value > old || (value < trace::kPreemptMask && (old & trace::kPreemptMask) < value);
    if (!is_underflow) current_->preempt_count = old - value;
    emit_context_change(old, current_->irqs_disabled);
}

void Machine::set_irqs_disabled(bool disabled) {
    const bool old = current_->irqs_disabled;
    if (old == disabled) return;
    current_->irqs_disabled = disabled;
    emit_context_change(current_->preempt_count, old);
}

// The current path has ended: the scheduler goes on without it.
void Machine::leave_path() {
    Fiber abandoned;
    current_ = nullptr;
    switch_fiber(abandoned, scheduler_fiber_);
    __builtin_unreachable();
}

// ---- fibers --------------------------------------------------------------------------------------------------------------

void Machine::start_fiber(Path& path) {
    const int stack = path.id.value;
    stacks_.guard(stack);
    prepare_fiber(path.fiber, stacks_.top(stack), stack_size_bytes(), path_main);
    path.is_started = false;
}

// Where every fiber starts. The scheduler's own fiber has no path: it goes on after paths that ended, because such a
// path must not decide on its own stack, which the next handler may need.
void Machine::path_main() {
    Machine& self = *current_machine;
    while (self.current_ == nullptr) self.decide_and_switch();
    Path& path = *self.current_;
    if (path.kind == trace::PathKind::Task) {
        path.entry(path.argument);
        self.exit_task();
    }
    self.run_handler(static_cast<Handler&>(path));
    self.finish_handler(static_cast<Handler&>(path));
}

}  // namespace kloom::machine
