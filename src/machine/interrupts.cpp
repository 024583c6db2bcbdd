// Interrupts, softirqs, timer events and the clock.
//
// A handler is a path of its own, on its own stack, pushed on the path that it interrupts. When the outermost hardirq of
// a CPU ends, pending softirqs run as one softirq path with interrupts on, in vector order, restarted at most
// kSoftirqRestarts times; what is left then goes to ksoftirqd (Linux: kernel/softirq.c's documented behaviour).

#include <algorithm>
#include <utility>

#include "base/check.hpp"
#include "machine/machine.hpp"

namespace kloom::machine {

using trace::Event;
using trace::EventKind;
using trace::OperationKind;
using trace::PathKind;
using trace::Scope;

namespace {

// The idle task runs with preemption off.
constexpr uint32_t kIdlePreemptCount = trace::kPreemptOffset;

void set_name(char (&name)[24], const char* prefix, uint32_t number) {
    size_t length = 0;
    for (; prefix[length] != '\0'; ++length) name[length] = prefix[length];
    char digits[12];
    size_t count = 0;
    do digits[count++] = static_cast<char>('0' + number % 10);
    while ((number /= 10) != 0);
    while (count != 0) name[length++] = digits[--count];
    name[length] = '\0';
}

}  // namespace

// ---- handlers ----------------------------------------------------------------------------------------------------------

Machine::Handler& Machine::handler_slot(Cpu& cpu, PathKind kind) {
    size_t slot = kHardirqDepthMax;
    if (kind == PathKind::Hardirq) {
        const uint32_t count = cpu.top != nullptr ? cpu.top->preempt_count : 0;
        slot = (count & trace::kHardirqMask) / trace::kHardirqOffset;
        CHECK(slot < kHardirqDepthMax, "hardirqs nest too deep");
    }
    const size_t index = cpu.id.index() * kHandlersPerCpu + slot;
    handlers_[index].id = PathId(static_cast<uint16_t>(index));
    return handlers_[index];
}

void Machine::begin_handler(Cpu& cpu, PathKind kind, uint32_t line, TimerEvent* event) {
    Handler& handler = handler_slot(cpu, kind);
    const uint32_t below_count = cpu.top != nullptr ? cpu.top->preempt_count : kIdlePreemptCount;
    handler.kind = kind;
    handler.cpu = cpu.id;
    handler.line = line;
    handler.event = event;
    handler.below = cpu.top;
    handler.interrupted = cpu.top != nullptr ? cpu.top->id : trace::kNoPath;
    handler.irqs_disabled = kind == PathKind::Hardirq;
    handler.preempt_count = below_count + (kind == PathKind::Hardirq ? trace::kHardirqOffset : trace::kSoftirqOffset);
    handler.slice_used = handler.events_without_schedule = 0;
    handler.is_delaying = handler.is_spinning = handler.at_reschedule_point = handler.at_interrupt_window = false;
    handler.condition_depth = handler.sequence_readers = handler.clock_reads = 0;
    handler.softirq_stand_ins = 0;
    handler.call_pc = 0;
    handler.pending = {.kind = OperationKind::Begin, .footprint = {.scope = Scope::CpuLocal, .cpu = cpu.id}};
    if (kind == PathKind::Softirq) {
        set_name(handler.name, "softirq/", cpu.id.value);
    } else {
        set_name(handler.name, event != nullptr ? "timer irq/" : "irq ", event != nullptr ? cpu.id.value : line);
    }
    if (event == nullptr && kind == PathKind::Hardirq) lines_[line].in_progress = true;
    cpu.top = &handler;
    start_fiber(handler);
    Event begin;
    begin.kind = EventKind::PathBegin;
    begin.value = handler.interrupted.value;
    emit_for(handler, begin);
}

void Machine::run_handler(Handler& handler) {
    if (handler.kind == PathKind::Softirq) {
        run_softirq_rounds(cpu_of(handler));
    } else if (handler.event != nullptr) {
        handler.event->function(*handler.event);
    } else {
        ++lines_[handler.line].count[handler.cpu.index()];
        environment_->handle_irq(handler.line);
    }
}

// The end of a handler's path: back to what it interrupted, or on to the softirqs.
void Machine::finish_handler(Handler& handler) {
    Cpu& cpu = cpu_of(handler);
    const bool is_hardirq = handler.kind == PathKind::Hardirq;
    Event end;
    end.kind = EventKind::PathEnd;
    emit(end);
    if (is_hardirq && handler.event == nullptr) lines_[handler.line].in_progress = false;
    CHECK(cpu.top == &handler, "%s ends below another path", handler.name);
    cpu.top = handler.below;
    const uint32_t below_count = cpu.top != nullptr ? cpu.top->preempt_count : 0;
    const bool may_run_softirqs = is_hardirq && (below_count & (trace::kHardirqMask | trace::kSoftirqMask)) == 0 &&
                                  (cpu.top == nullptr || !cpu.top->irqs_disabled);
    if (may_run_softirqs && cpu.softirq_pending != 0) {
        if (config_.causes.softirq || cpu.top == nullptr) {
            begin_handler(cpu, PathKind::Softirq, 0, nullptr);
        } else {
            environment_->wake_softirq_thread(cpu.id);
        }
    }
    if (cpu.top != nullptr) last_ = cpu.top;  // the default goes on with what was interrupted
    leave_path();
}

// ---- lines -------------------------------------------------------------------------------------------------------------

void Machine::raise_irq(uint32_t number, uint32_t times) {
    CHECK(number < kIrqLines, "interrupt line %u", number);
    IrqLine& line = this->line(number);
    if (line.pending == 0 && times != 0) raised_lines_.push_back(number);
    // A disabled line remembers only that it was raised.
    line.pending = line.disable_depth != 0 ? std::min(line.pending + times, uint32_t{1}) : line.pending + times;
    Event event;
    event.kind = EventKind::IrqRaise;
    event.value = number;
    emit(event);
}

// The handler is nested by hand: the current path parks until it is on top again, as after any interrupt.
void Machine::interrupt_now(uint32_t number) {
    Cpu& cpu = cpu_of(*current_);
    if (number >= kIrqLines || !lines_[number].is_requested || lines_[number].in_progress) return;
    current_->pending = {.kind = OperationKind::Local, .footprint = {.scope = Scope::CpuLocal, .cpu = cpu.id}, .pc = current_->call_pc};
    begin_handler(cpu, PathKind::Hardirq, number, nullptr);
    last_ = cpu.top;
    decide_and_switch();
}

// ---- softirqs ------------------------------------------------------------------------------------------------------------

void Machine::raise_softirq(int nr) {
    Cpu& cpu = cpu_of(*current_);
    cpu.softirq_pending |= 1u << nr;
    if ((current_->preempt_count & (trace::kHardirqMask | trace::kSoftirqMask)) == 0) environment_->wake_softirq_thread(cpu.id);
}

void Machine::run_softirq_rounds(Cpu& cpu) {
    for (int round = 0; round < kSoftirqRestarts && cpu.softirq_pending != 0; ++round) {
        uint32_t pending = std::exchange(cpu.softirq_pending, 0);
        for (int nr = 0; pending != 0; ++nr, pending >>= 1) {
            if ((pending & 1) == 0) continue;
            current_->line = static_cast<uint32_t>(nr);
            environment_->handle_softirq(nr);
        }
    }
    if (cpu.softirq_pending != 0) environment_->wake_softirq_thread(cpu.id);
}

void Machine::run_pending_softirqs() {
    Path& path = *current_;
    Cpu& cpu = cpu_of(path);
    if (cpu.softirq_pending == 0 || path.irqs_disabled || (path.preempt_count & (trace::kHardirqMask | trace::kSoftirqMask)) != 0) return;
    if (!config_.causes.softirq) {
        environment_->wake_softirq_thread(cpu.id);
        return;
    }
    path.pending = {.kind = OperationKind::Local, .footprint = {.scope = Scope::CpuLocal, .cpu = cpu.id}, .pc = path.call_pc};
    begin_handler(cpu, PathKind::Softirq, 0, nullptr);
    last_ = cpu.top;
    decide_and_switch();
}

void Machine::run_softirqs_in_thread() {
    step_local(0);
    Path& path = *current_;
    Cpu& cpu = cpu_of(path);
    if (cpu.softirq_pending == 0) return;
    path.pending = {.kind = OperationKind::Local, .footprint = {.scope = Scope::CpuLocal, .cpu = cpu.id}};
    begin_handler(cpu, PathKind::Softirq, 0, nullptr);
    last_ = cpu.top;
    decide_and_switch();
}

// ---- timer events and the clock --------------------------------------------------------------------------------------------

void Machine::arm(TimerEvent& event, VirtualTime expires, CpuId cpu) {
    if (event.is_armed) remove_timer(event);
    if (event.is_prompt) {
        expires = 0;  // before every other event of the CPU
        ++prompt_events_;
    }
    event.expires = expires;
    event.cpu = cpu;
    event.sequence = timer_sequence_++;
    event.is_armed = true;
    auto& timers = cpus_[cpu.index()].timers;
    const auto later = [&](const TimerEvent* other) { return other->expires > expires; };
    timers.insert(std::find_if(timers.begin(), timers.end(), later), &event);
}

bool Machine::disarm(TimerEvent& event) {
    if (!event.is_armed) return false;
    remove_timer(event);
    return true;
}

void Machine::remove_timer(TimerEvent& event) {
    std::erase(cpus_[event.cpu.index()].timers, &event);
    event.is_armed = false;
    if (event.is_prompt) --prompt_events_;
}

void Machine::fire_timer(Cpu& cpu) {
    TimerEvent& event = *cpu.timers.front();
    remove_timer(event);
    begin_handler(cpu, PathKind::Hardirq, 0, &event);
}

void Machine::fire_prompt_events() {
    if (prompt_events_ == 0) return;
    for (Cpu& cpu : cpus_)
        if (!cpu.timers.empty() && cpu.timers.front()->is_prompt && can_interrupt(cpu)) fire_timer(cpu);
}

void Machine::accept_interrupts() {
    const Cpu& cpu = cpu_of(*current_);
    if (cpu.timers.empty() || cpu.timers.front()->expires > now_ || !can_interrupt(cpu)) return;
    current_->at_interrupt_window = true;
    step_local(current_->call_pc);
}

// The earliest time in the future at which something becomes possible; ~0 if never.
VirtualTime Machine::next_deadline() const {
    VirtualTime earliest = ~VirtualTime{0};
    const auto consider = [&](VirtualTime time) {
        if (time > now_) earliest = std::min(earliest, time);
    };
    for (const Cpu& cpu : cpus_) {
        if (!cpu.timers.empty() && can_interrupt(cpu)) consider(cpu.timers.front()->expires);
        if (cpu.top != nullptr && cpu.top->is_delaying) consider(cpu.top->delay_until);
    }
    for (const Task& task : tasks_)
        if (task.state == TaskState::Sleeping && task.wake_at != 0) consider(task.wake_at);
    return earliest;
}

void Machine::move_clock(VirtualTime to) {
    now_ = std::max(now_, to);
    if (clock_listener_ != nullptr) clock_listener_(now_);
    for (Task& task : tasks_) {
        if (task.state != TaskState::Sleeping || task.wake_at == 0 || task.wake_at > now_) continue;
        task.timed_out = true;
        Path* waker = std::exchange(current_, nullptr);  // time wakes it, not the path that happens to run
        wake(task);
        current_ = waker;
    }
    note_hung_tasks();
}

// What Linux's khungtaskd does: others may go on for ever, so a task that waits in vain does not always stop everything.
void Machine::note_hung_tasks() {
    for (Task& task : tasks_) {
        const bool is_waiting = task.state == TaskState::Sleeping && task.is_uninterruptible && task.wake_at == 0;
        const uint64_t periods = (now_ - task.slept_at) / config_.hung_after_ns;
        if (!is_waiting || periods <= task.hung_periods) continue;
        task.hung_periods = periods;
        Event event;
        event.kind = EventKind::Hung;
        event.value = now_ - task.slept_at;
        emit_for(task, event);
    }
}

}  // namespace kloom::machine
