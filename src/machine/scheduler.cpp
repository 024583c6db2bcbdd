// The scheduler: what may happen next, and making it happen.
//
// One decision:
//
//   fill_idle_cpus()        runnable tasks take idle CPUs (no choice: Linux balances idle CPUs at once)
//   collect_alternatives()  steps of the CPUs, then interrupts, timers, preemptions, migrations
//   chooser                 picks one; alternative 0 is what an undisturbed machine does
//   apply()                 changes the machine; a Step ends the decision by switching to the path's fiber
//
// The default prefers the path that stepped last, so a schedule without deviations runs each path until it blocks, ends
// or has used up its slice. A path whose last operation was a spin loop's hint lets others go first, at no cost.

#include <algorithm>
#include <utility>

#include "base/check.hpp"
#include "machine/machine.hpp"

namespace kloom::machine {

using trace::Choice;
using trace::ChoiceKind;
using trace::Event;
using trace::EventKind;
using trace::ExecutionEnd;
using trace::Footprint;
using trace::Operation;
using trace::OperationKind;
using trace::PathKind;
using trace::Scope;

namespace {


}  // namespace

// ---- what may happen -----------------------------------------------------------------------------------------------------

bool Machine::is_enabled(const Path& path) const {
    if (path.is_delaying) return now_ >= path.delay_until;
    return path.pending.is_ready == nullptr || path.pending.is_ready(path.pending.ready_argument);
}

bool Machine::can_interrupt(const Cpu& cpu) const {
    if (!online_.test(cpu.id.index())) return false;
    if (cpu.top == nullptr) return true;
    if (cpu.top->irqs_disabled) return false;
    return (cpu.top->preempt_count & trace::kHardirqMask) < trace::kHardirqOffset * kHardirqDepthMax;
}

bool Machine::can_preempt(const Cpu& cpu) const {
    if (cpu.task == nullptr || cpu.top != cpu.task || !config_.causes.preemption) return false;
    const Task& task = *cpu.task;
    if (!task.is_preemptible() || task.was_just_chosen) return false;
    return config_.preempt == PreemptModel::Full || task.at_reschedule_point;
}

bool Machine::line_can_fire(uint32_t number, const Cpu& cpu) const {
    const IrqLine& line = lines_[number];
    if (!config_.causes.interrupt || !line.is_requested || line.disable_depth != 0 || line.in_progress || line.pending == 0) return false;
    return (line.affinity == trace::kNoCpu || line.affinity == cpu.id) && can_interrupt(cpu);
}

void Machine::add_alternative(Choice choice, uint8_t cost, const Path* path) {
    if (alternatives_.count == kAlternativesMax) {
        summary_.left_out |= trace::kLeftOutAlternatives;
        return;
    }
    trace::Alternative& alternative = alternatives_.items[alternatives_.count++];
    alternative.choice = choice;
    alternative.cost = cost;
    alternative.path = path != nullptr ? path->id : trace::kNoPath;
    alternative.is_spinning = path != nullptr && path->is_spinning;
    switch (choice.kind) {
        case ChoiceKind::Step: alternative.footprint = path->pending.footprint; break;
        case ChoiceKind::Interrupt:  // the line can be taken by one CPU only
            alternative.footprint = {.address = reinterpret_cast<uintptr_t>(&lines_[choice.argument]), .size = 1, .scope = Scope::Object};
            break;
        case ChoiceKind::Preempt: alternative.footprint = {.scope = Scope::CpuLocal}; break;
        default: alternative.footprint = {.scope = Scope::Global}; break;
    }
    alternative.footprint.cpu = choice.cpu;
}

// The scheduler would take the CPU from this task by itself: its slice is used up, or it stands at a point made for that,
// and another task waits for the CPU.
bool Machine::is_due_for_preemption(const Path& path) const {
    const Cpu& cpu = cpu_of(path);
    return (path.at_reschedule_point || path.slice_used >= config_.slice_events) && !cpu.queue.empty() && can_preempt(cpu);
}

// The path has just enabled interrupts and a timer of its CPU had expired before: the timer's interrupt is pending.
bool Machine::is_due_for_interrupt(const Path& path) const {
    const Cpu& cpu = cpu_of(path);
    return path.at_interrupt_window && cpu.top == &path && !cpu.timers.empty() && cpu.timers.front()->expires <= now_ && can_interrupt(cpu);
}

// Steps of all CPUs, the default first. Returns whether any CPU can step.
bool Machine::collect_steps() {
    const size_t cpus = cpus_.size();
    const bool last_can_step = last_ != nullptr && cpu_of(*last_).top == last_ && is_enabled(*last_);
    const bool last_gives_way = gives_way(last_);
    const bool is_interrupted = last_can_step && is_due_for_interrupt(*last_);
    if (is_interrupted) add_alternative({ChoiceKind::Timer, last_->cpu}, 0, nullptr);
    const bool last_is_due = last_can_step && !is_interrupted && is_due_for_preemption(*last_);
    if (last_is_due) {
        Task& next = *cpu_of(*last_).queue.front();
        add_alternative({ChoiceKind::Preempt, last_->cpu, next.id.value}, 0, &next);
    }
    if (last_can_step && !last_gives_way) add_alternative({ChoiceKind::Step, last_->cpu}, last_is_due || is_interrupted ? 1 : 0, last_);

    const uint8_t cost = last_can_step && !last_gives_way ? 1 : 0;
    const size_t start = last_ != nullptr ? last_->cpu.index() : cpus - 1;
    for (size_t offset = 1; offset <= cpus; ++offset) {
        Cpu& cpu = cpus_[(start + offset) % cpus];
        if (cpu.top == nullptr || cpu.top == last_ || !is_enabled(*cpu.top)) continue;
        add_alternative({ChoiceKind::Step, cpu.id}, cost, cpu.top);
    }
    if (last_gives_way && (alternatives_.count == 0 || !last_->is_spinning))
        add_alternative({ChoiceKind::Step, last_->cpu}, alternatives_.count == 0 ? 0 : 1, last_);
    return alternatives_.count != 0;
}

void Machine::collect_interrupts(bool is_idle) {
    if (raised_lines_.empty()) return;
    const uint8_t cost = is_idle ? 0 : 1;
    for (uint32_t number : raised_lines_) {
        bool has_idle_target = false;
        for (Cpu& cpu : cpus_) {
            if (!line_can_fire(number, cpu)) continue;
            if (cpu.top == nullptr && std::exchange(has_idle_target, true)) continue;  // idle CPUs are alike
            const bool is_default = is_idle && alternatives_.count == 0;
            add_alternative({ChoiceKind::Interrupt, cpu.id, number}, is_default ? 0 : std::max<uint8_t>(cost, is_idle ? 1 : 0), nullptr);
        }
    }
}

void Machine::collect_timers() {
    for (Cpu& cpu : cpus_) {
        if (cpu.timers.empty() || cpu.timers.front()->expires > now_ + config_.timer_slack_ns || !can_interrupt(cpu)) continue;
        if (last_ != nullptr && last_->cpu == cpu.id && is_due_for_interrupt(*last_)) continue;  // an alternative already
        add_alternative({ChoiceKind::Timer, cpu.id}, 1, nullptr);
    }
    for (Task& task : tasks_) {
        if (task.state != TaskState::Sleeping || task.wake_at == 0 || task.wake_at > now_ + config_.timer_slack_ns) continue;
        add_alternative({ChoiceKind::Timer, task.cpu, task.id.value}, 1, &task);
    }
}

void Machine::collect_preemptions() {
    for (Cpu& cpu : cpus_) {
        if (cpu.queue.empty() || !can_preempt(cpu)) continue;
        if (cpu.queue.size() > trace::kPreemptTargetsMax) summary_.left_out |= trace::kLeftOutPreemptions;
        const size_t first = cpu.top == last_ && is_due_for_preemption(*last_) ? 1 : 0;  // that one is an alternative already
        for (size_t index = first; index < std::min(cpu.queue.size(), trace::kPreemptTargetsMax); ++index)
            add_alternative({ChoiceKind::Preempt, cpu.id, cpu.queue[index]->id.value}, 1, cpu.queue[index]);
    }
}

void Machine::collect_migrations() {
    for (Cpu& from : cpus_) {
        if (from.task == nullptr || !from.task->has_cpu_dependence || !can_preempt(from)) continue;
        const Task& task = *from.task;
        if (task.is_bound) continue;
        for (Cpu& to : cpus_) {
            if (to.id == from.id || !online_.test(to.id.index()) || !task.affinity.test(to.id.index())) continue;
            const bool can_swap = to.task != nullptr && can_preempt(to) && !to.task->is_bound && to.task->affinity.test(from.id.index());
            if (to.top != nullptr && !can_swap) continue;
            if (task.migrations >= trace::kMigrationsMax) {
                summary_.left_out |= trace::kLeftOutMigrations;
            } else {
                add_alternative({ChoiceKind::Migrate, from.id, to.id.value}, 1, &task);
            }
        }
    }
}

// Returns false when nothing can ever happen again.
bool Machine::collect_alternatives() {
    alternatives_.count = 0;
    const bool can_step = collect_steps();
    collect_interrupts(!can_step);
    if (can_step) {
        collect_timers();
        collect_preemptions();
        collect_migrations();
        return true;
    }
    bool timer_is_due = false;  // then the idle CPU takes it: no time passes first
    for (Cpu& cpu : cpus_) {
        if (cpu.timers.empty() || cpu.timers.front()->expires > now_ || !can_interrupt(cpu)) continue;
        add_alternative({ChoiceKind::Timer, cpu.id}, alternatives_.count == 0 ? 0 : 1, nullptr);
        timer_is_due = true;
    }
    if (!timer_is_due && next_deadline() != ~VirtualTime{0})
        add_alternative({ChoiceKind::Advance, CpuId(0)}, alternatives_.count == 0 ? 0 : 1, nullptr);
    return alternatives_.count != 0;
}

bool Machine::decide(Choice& choice) {
    position_ = position_ + 1;
    if (!collect_alternatives()) return false;
    size_t index = 0;
    if (alternatives_.count > 1 || sees_every_step_) {
        index = chooser_->choose({.position = position_,
                                  .running = last_ != nullptr ? last_->id : trace::kNoPath,
                                  .alternatives = {alternatives_.items.data(), alternatives_.count}});
        if (index == trace::Chooser::kAbandon) {
            summary_.end = ExecutionEnd::Abandoned;
            stop_execution();
        }
        CHECK(index < alternatives_.count, "alternative %zu of %zu", index, alternatives_.count);
        forced_position_ = chooser_->forced_position();
    }
    choice = alternatives_.items[index].choice;
    return true;
}

// ---- making it happen ------------------------------------------------------------------------------------------------------

void Machine::decide_and_switch() {
    for (;;) {
        fill_idle_cpus();
        fire_prompt_events();
        if (gives_way(last_) && !others_can_go_on() && !is_due_for_preemption(*last_)) let_time_pass();
        Choice choice;
        if (!decide(choice)) {
            if (release_held_cpus()) continue;
            report_stuck();
        }
        if (choice.kind != ChoiceKind::Step) {
            apply(choice);
            continue;
        }
        Path& path = *cpus_[choice.cpu.index()].top;
        switch_to(path);
        return;
    }
}

// Continues `path` on its fiber. Returns on the fiber that called it when that path is next chosen.
void Machine::switch_to(Path& path) {
    if (last_ != &path) {
        path.slice_used = 0;
        last_ = &path;
    } else if (path.slice_used >= config_.slice_events) {
        path.slice_used = 0;
    }
    path.at_reschedule_point = false;
    path.at_interrupt_window = false;
    path.is_spinning = false;
    path.is_delaying = false;
    if (path.kind == PathKind::Task) static_cast<Task&>(path).was_just_chosen = false;
    path.is_started = true;
    if (current_ == &path) return;
    Fiber& from = current_ != nullptr ? current_->fiber : scheduler_fiber_;
    current_ = &path;
    switch_fiber(from, path.fiber);
}

void Machine::apply(const Choice& choice) {
    Cpu& cpu = cpus_[choice.cpu.index()];
    switch (choice.kind) {
        case ChoiceKind::Step: break;
        case ChoiceKind::Interrupt: {
            IrqLine& line = lines_[choice.argument];
            if (--line.pending == 0) std::erase(raised_lines_, choice.argument);
            begin_handler(cpu, PathKind::Hardirq, choice.argument, nullptr);
            break;
        }
        case ChoiceKind::Timer:
            if (choice.argument != 0) {
                Task& task = *std::find_if(tasks_.begin(), tasks_.end(), [&](const Task& t) { return t.id.value == choice.argument; });
                move_clock(std::max(now_, task.wake_at));
            } else {
                move_clock(std::max(now_, cpu.timers.front()->expires));
                fire_timer(cpu);
            }
            break;
        case ChoiceKind::Preempt: {
            auto next = std::find_if(cpu.queue.begin(), cpu.queue.end(), [&](const Task* task) { return task->id.value == choice.argument; });
            CHECK(next != cpu.queue.end(), "task %u is not queued on CPU %d", choice.argument, cpu.id.value);
            preempt(cpu, **next);
            break;
        }
        case ChoiceKind::Migrate: migrate(cpu, cpus_[choice.argument]); break;
        case ChoiceKind::Advance: move_clock(next_deadline()); break;
    }
}

// Nothing can step, arrive or expire. Observers say whether it is a deadlock or a hang.
void Machine::report_stuck() {
    Event event;
    event.kind = EventKind::Stuck;
    if (last_ != nullptr) {
        emit_for(*last_, event);
    } else {
        emit(event);
    }
    stop_execution();
}

// Whether `path` could step but lets others go first: it spins, or its slice is used up.
bool Machine::gives_way(const Path* path) const {
    return path != nullptr && (path->is_spinning || path->slice_used >= config_.slice_events) && cpu_of(*path).top == path &&
           is_enabled(*path);
}

bool Machine::others_can_go_on() const {
    return std::any_of(cpus_.begin(), cpus_.end(), [&](const Cpu& cpu) {
        return cpu.top != nullptr && cpu.top != last_ && !cpu.top->is_spinning && is_enabled(*cpu.top);
    });
}

// The paths that can step only spin or run on and on: what they wait for must come from outside. Interrupts that were
// raised arrive, else the clock moves: by a tick while a path spins, in growing strides while it computes.
void Machine::let_time_pass() {
    constexpr int kStrideDoublings = 5;
    const bool is_computing = !last_->is_spinning;
    for (Cpu& cpu : cpus_)
        if (cpu.top != nullptr) cpu.top->is_spinning = false;
    last_->slice_used = 0;
    for (uint32_t number : raised_lines_)
        for (Cpu& cpu : cpus_)
            if (line_can_fire(number, cpu)) return apply({ChoiceKind::Interrupt, cpu.id, number});

    strides_ = is_computing ? std::min(strides_ + 1, kStrideDoublings) : 0;
    const VirtualTime stride = (trace::kNanosecondsPerSecond / config_.hz) << strides_;
    move_clock(std::min(next_deadline(), now_ + stride));
    for (Cpu& cpu : cpus_)
        if (!cpu.timers.empty() && cpu.timers.front()->expires <= now_ && can_interrupt(cpu)) fire_timer(cpu);
}

// Without the cause `sleep`, a sleeping task keeps its CPU; when nothing else can go on, all of them let go.
bool Machine::release_held_cpus() {
    bool any = false;
    for (Cpu& cpu : cpus_) any |= std::exchange(cpu.held_by, nullptr) != nullptr;
    return any;
}

// ---- CPUs and queues -----------------------------------------------------------------------------------------------------------

void Machine::dispatch(Cpu& cpu, Task& task) {
    const CpuId before = task.cpu;
    const bool moved = before != trace::kNoCpu && before != cpu.id && task.is_started;
    Task* previous = cpu.previous;
    cpu.task = &task;
    cpu.top = &task;
    cpu.previous = &task;
    task.state = TaskState::Running;
    task.cpu = cpu.id;
    task.pending.footprint.cpu = cpu.id;
    task.events_without_schedule = 0;
    if (moved) {
        ++task.migrations;
        Event event;
        event.kind = EventKind::Migrate;
        event.value = before.value;
        emit_for(task, event);
    }
    if (previous == &task && !moved) return;
    strides_ = 0;
    environment_->on_switch(previous, &task, cpu.id);
    if (previous == &task) return;
    Event event;
    event.kind = EventKind::PathSwitch;
    event.value = previous != nullptr ? previous->id.value : trace::kNoPath.value;
    emit_for(task, event);
}

void Machine::leave_cpu(Cpu& cpu) {
    cpu.task = nullptr;
    cpu.top = nullptr;
}

void Machine::enqueue(Cpu& cpu, Task& task) {
    task.queued_at = queue_sequence_++;
    cpu.queue.push_back(&task);
}

void Machine::remove_from_queue(Task& task) {
    for (Cpu& cpu : cpus_) std::erase(cpu.queue, &task);
}

// Idle CPUs take the first of their own queue; those that stay idle take the task that waits longest elsewhere.
void Machine::fill_idle_cpus() {
    const auto is_idle = [&](const Cpu& cpu) { return cpu.top == nullptr && cpu.held_by == nullptr && online_.test(cpu.id.index()); };
    const auto take = [&](Cpu& cpu, Cpu& source, size_t position) {
        Task& task = *source.queue[position];
        source.queue.erase(source.queue.begin() + static_cast<ptrdiff_t>(position));
        dispatch(cpu, task);
    };
    for (Cpu& cpu : cpus_)
        if (is_idle(cpu) && !cpu.queue.empty()) take(cpu, cpu, 0);
    for (Cpu& cpu : cpus_) {
        if (!is_idle(cpu)) continue;
        Cpu* source = nullptr;
        size_t position = 0;
        for (Cpu& other : cpus_) {
            for (size_t index = 0; index < other.queue.size(); ++index) {
                Task& task = *other.queue[index];
                if (!task.affinity.test(cpu.id.index())) continue;
                if (source != nullptr && source->queue[position]->queued_at <= task.queued_at) continue;
                source = &other;
                position = index;
            }
        }
        if (source != nullptr) take(cpu, *source, position);
    }
}

// Where a woken task goes: its last CPU if idle, else an idle one, else the shortest queue (its last CPU first).
Machine::Cpu& Machine::choose_cpu(Task& task) {
    Cpu* best = nullptr;
    const auto load = [&](const Cpu& cpu) { return cpu.queue.size() + (cpu.top != nullptr ? 1 : 0); };
    const auto consider = [&](Cpu& cpu) {
        if (!online_.test(cpu.id.index()) || !task.affinity.test(cpu.id.index())) return;
        if (best == nullptr || load(cpu) < load(*best)) best = &cpu;
    };
    if (task.cpu != trace::kNoCpu && task.is_started) consider(cpus_[task.cpu.index()]);
    for (Cpu& cpu : cpus_) consider(cpu);
    return best != nullptr ? *best : cpus_[0];
}

void Machine::preempt(Cpu& cpu, Task& next) {
    Task& current = *cpu.task;
    std::erase(cpu.queue, &next);
    current.state = TaskState::Runnable;
    current.slice_used = 0;
    current.at_reschedule_point = false;
    leave_cpu(cpu);
    enqueue(cpu, current);
    dispatch(cpu, next);
    next.was_just_chosen = true;
}

void Machine::migrate(Cpu& from, Cpu& to) {
    Task& task = *from.task;
    Task* displaced = to.task;
    leave_cpu(from);
    if (displaced != nullptr) {
        leave_cpu(to);
        dispatch(from, *displaced);
    }
    dispatch(to, task);
    task.was_just_chosen = true;
}

// ---- tasks -----------------------------------------------------------------------------------------------------------------------

Task& Machine::current_task() {
    Cpu& cpu = cpu_of(*current_);
    if (cpu.task != nullptr) return *cpu.task;
    CHECK(cpu.previous != nullptr || !tasks_.empty(), "no task exists");
    return cpu.previous != nullptr ? *cpu.previous : tasks_.front();
}

Task& Machine::create_task(const TaskSpec& spec) {
    CHECK(handlers_.size() + tasks_.size() < trace::kPathsMax, "more than %d paths", trace::kPathsMax);
    Task& task = tasks_.emplace_back();
    task.id = PathId(static_cast<uint16_t>(handlers_.size() + tasks_.size() - 1));
    task.kind = PathKind::Task;
    task.pid = spec.pid;
    task.is_user = spec.is_user;
    task.affinity = spec.affinity;
    task.is_bound = spec.affinity.count() == 1;
    task.entry = spec.entry;
    task.argument = spec.argument;
    task.client = spec.client;
    for (size_t i = 0; i + 1 < sizeof task.name && spec.name[i] != '\0'; ++i) task.name[i] = spec.name[i];
    task.cpu = current_ != nullptr ? current_->cpu : CpuId(0);
    task.pending = {.kind = OperationKind::Begin, .footprint = {.scope = Scope::CpuLocal, .cpu = task.cpu}};
    memory_.set_stack_owner(task.id.value, task.id);
    start_fiber(task);
    Event event;
    event.kind = EventKind::PathBegin;
    event.value = current_ != nullptr ? current_->id.value : trace::kNoPath.value;
    emit_for(task, event);
    return task;
}

bool Machine::wake(Task& task) {
    if (task.state != TaskState::Sleeping && task.state != TaskState::New) return false;
    task.state = TaskState::Runnable;
    task.wake_at = 0;
    Event event;
    event.kind = EventKind::PathWake;
    event.value = current_ != nullptr ? current_->id.value : trace::kNoPath.value;
    emit_for(task, event);
    Cpu& last_cpu = cpus_[task.cpu.index()];
    if (last_cpu.held_by == &task) {
        last_cpu.held_by = nullptr;
        enqueue(last_cpu, task);
    } else {
        enqueue(choose_cpu(task), task);
    }
    return true;
}

void Machine::sleep(const char* what, const void* object) { sleep_until(0, what, object); }

bool Machine::sleep_until(VirtualTime deadline, const char* what, const void* object) {
    Event event;
    event.kind = EventKind::PathBlock;
    event.text = what;
    event.address = reinterpret_cast<uintptr_t>(object);
    event.value = deadline;
    emit(event);
    CHECK(current_->kind == PathKind::Task, "%s sleeps", current_->name);
    Task& task = static_cast<Task&>(*current_);
    task.state = TaskState::Sleeping;
    task.wake_at = deadline;
    task.slept_at = now_;
    task.hung_periods = 0;
    task.timed_out = false;
    task.waits_for = what;
    task.waits_on = reinterpret_cast<uintptr_t>(object);
    task.events_without_schedule = 0;
    task.clock_reads = 0;
    task.pending = {.kind = OperationKind::Schedule, .footprint = {.scope = Scope::CpuLocal, .cpu = task.cpu}, .pc = task.call_pc};
    if (!config_.causes.sleep) cpu_of(task).held_by = &task;
    environment_->on_block(task);
    leave_cpu(cpu_of(task));
    decide_and_switch();
    task.is_uninterruptible = false;
    task.waits_for = nullptr;
    task.waits_on = 0;
    return !task.timed_out;
}

void Machine::yield() {
    Path& path = *current_;
    Cpu& cpu = cpu_of(path);
    if (path.kind == PathKind::Task && !cpu.queue.empty()) {
        Task& task = static_cast<Task&>(path);
        task.pending = {.kind = OperationKind::Schedule, .footprint = {.scope = Scope::Global}, .pc = task.call_pc};
        preempt(cpu, *cpu.queue.front());
        decide_and_switch();
        return;
    }
    path.is_spinning = true;
    step_global(0);
}

void Machine::relax(uintptr_t pc) {
    current_->is_spinning = true;
    step_local(pc);
}

void Machine::note_clock_read() {
    constexpr uint32_t kReadsInARow = 16;
    if (++current_->clock_reads < kReadsInARow) return;
    current_->clock_reads = 0;
    relax(current_->call_pc);
}

void Machine::delay(VirtualTime duration_ns, uintptr_t pc) {
    current_->is_delaying = true;
    current_->delay_until = now_ + duration_ns;
    step({.kind = OperationKind::Delay, .footprint = {.scope = Scope::Global}, .pc = pc});
    const Cpu& cpu = cpu_of(*current_);
    const bool tick_came_by = duration_ns >= trace::kNanosecondsPerSecond / config_.hz;
    if (tick_came_by && !cpu.queue.empty() && can_preempt(cpu)) current_->slice_used = config_.slice_events;
}

void Machine::reschedule_point(bool explicit_point) {
    if (config_.preempt == PreemptModel::None && !explicit_point) return;
    Path& path = *current_;
    path.events_without_schedule = 0;
    if (config_.preempt == PreemptModel::Full && !explicit_point) return;
    path.at_reschedule_point = true;
    step_local(0);
}

void Machine::exit_task() {
    step_global(0);
    Task& task = static_cast<Task&>(*current_);
    Event event;
    event.kind = EventKind::PathEnd;
    emit(event);
    environment_->on_task_end(task);
    task.state = TaskState::Dead;
    leave_cpu(cpu_of(task));
    leave_path();
}

void Machine::set_affinity(Task& task, const CpuSet& cpus) {
    task.affinity = cpus;
    task.is_bound = cpus.count() == 1;
    if (task.state == TaskState::Runnable) {
        remove_from_queue(task);
        enqueue(choose_cpu(task), task);
    }
    if (task.state != TaskState::Running || cpus.test(task.cpu.index())) return;
    task.state = TaskState::Runnable;
    Cpu& cpu = cpu_of(task);
    if (&task != current_) {  // running elsewhere: it goes over at its pending operation
        if (cpu.top != &task) {
            task.state = TaskState::Running;
            return;
        }
        leave_cpu(cpu);
        enqueue(choose_cpu(task), task);
        return;
    }
    task.pending = {.kind = OperationKind::Schedule, .footprint = {.scope = Scope::Global}, .pc = task.call_pc};
    leave_cpu(cpu);
    enqueue(choose_cpu(task), task);
    decide_and_switch();
}

Task* Machine::find_task(int32_t pid) {
    for (Task& task : tasks_)
        if (task.pid == pid && task.state != TaskState::Dead) return &task;
    return nullptr;
}

void Machine::set_online(CpuId cpu, bool online) {
    online_.set(cpu.index(), online);
    Cpu& target = cpus_[cpu.index()];
    if (online) return;
    const auto heir = std::find_if(cpus_.begin(), cpus_.end(), [&](const Cpu& other) { return online_.test(other.id.index()); });
    for (TimerEvent* event : std::vector<TimerEvent*>(target.timers)) arm(*event, event->expires, heir->id);
    std::vector<Task*> moved;
    moved.swap(target.queue);
    if (target.task != nullptr && target.top == target.task && target.task != current_) {
        target.task->state = TaskState::Runnable;
        moved.push_back(target.task);
        leave_cpu(target);
    }
    for (Task* task : moved) enqueue(choose_cpu(*task), *task);
}

}  // namespace kloom::machine
