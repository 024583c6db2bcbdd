#include "kernel/irq/irq.hpp"

#include <algorithm>
#include <climits>
#include <cstdio>

#include "kernel/module_access.hpp"
#include "kernel/sched/tasks.hpp"

#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/interrupt.h>
#include <linux/printk.h>
#include <linux/sched.h>

namespace kloom::kernel {

using trace::EventKind;

namespace {

// Lines that the machine's own devices occupy, with the flags of their handlers: what a request has to agree with.
struct BuiltinAction {
    uint32_t line;
    unsigned long flags;
    const char* name;
};
constexpr BuiltinAction kBuiltinActions[] = {
    {0, IRQF_TIMER | IRQF_NOBALANCING | IRQF_IRQPOLL, "timer"}, {1, IRQF_SHARED, "i8042"}, {8, 0, "rtc0"}, {9, IRQF_SHARED, "acpi"}, {12, IRQF_SHARED, "i8042"},
};

// Linux looks at a line every so many interrupts and gives it up when (nearly) none was handled.
constexpr uint32_t kAccountingPeriod = 100'000;
constexpr uint32_t kUnhandledMax = 99'900;
// Lines that probe_irq_on() can tell apart: the bits of its result.
constexpr uint32_t kProbedLines = 64;

// A name for printk(), which reads its strings like a module's: only what the memory map knows, as it does the stack.
struct PrintableName {
    explicit PrintableName(const char* name) { snprintf(text, sizeof text, "%s", name); }
    char text[32];
};

const BuiltinAction* find_builtin(uint32_t line) {
    for (const BuiltinAction& action : kBuiltinActions)
        if (action.line == line) return &action;
    return nullptr;
}

}  // namespace

IrqService::IrqService(machine::Machine& machine) : machine_(machine), irq_works_(machine) {}

void IrqService::begin_execution() {
    for (uint32_t number : used_lines_) lines_[number] = Line();
    used_lines_.clear();
    actions_.clear();
    device_lines_.clear();
    waiters_.reset();
    irq_works_.begin_execution();
}

void IrqService::report_leftovers(const ModuleImage& module) {
    irq_works_.report_leftovers(module);
    for (uint32_t number : used_lines_)
        for (const Action* action = lines_[number].first; action != nullptr; action = action->next) {
            const auto function = reinterpret_cast<uintptr_t>(action->handler != nullptr ? action->handler : action->thread_function);
            if (module.contains(function)) emit_leftover("irq", action->name, reinterpret_cast<const void*>(function));
        }
}

IrqService::Line& IrqService::touch(uint32_t number) {
    Line& line = lines_[number];
    if (!line.is_used) used_lines_.push_back(number);
    line.is_used = true;
    return line;
}

void IrqService::emit_line_event(EventKind kind, uint32_t number, uint32_t size) {
    machine_.emit({.kind = kind, .size = size, .value = number});
}

void IrqService::update_machine_line(uint32_t number) {
    const Line& line = lines_[number];
    machine::IrqLine& raw = machine_.line(number);
    raw.is_requested = line.first != nullptr || line.is_probed;
    raw.disable_depth = line.depth + line.oneshot_pending;
}

// ---- requesting and freeing ----------------------------------------------------------------------------------------------

int IrqService::check_request(const IrqRequest& request) const {
    if (request.line >= machine::kIrqLines) return -EINVAL;
    const bool is_shared = (request.flags & IRQF_SHARED) != 0;
    if (is_shared && (request.device == nullptr || (request.flags & IRQF_NO_AUTOEN) != 0)) return -EINVAL;
    if ((request.flags & IRQF_COND_SUSPEND) != 0 && (!is_shared || (request.flags & IRQF_NO_SUSPEND) != 0)) return -EINVAL;
    if (request.handler != nullptr) return 0;
    if (request.thread_function == nullptr) return -EINVAL;
    if ((request.flags & IRQF_ONESHOT) != 0) return 0;
    printk(KERN_ERR "genirq: Threaded irq requested with handler=NULL and !ONESHOT for %s (irq %d)\n", request.name,
            static_cast<int>(request.line));
    return -EINVAL;
}

int IrqService::check_sharing(const IrqRequest& request) const {
    unsigned long old_flags = 0;
    const char* old_name = nullptr;
    if (const Action* first = lines_[request.line].first) {
        old_flags = first->flags;
        old_name = first->name;
    } else if (const BuiltinAction* builtin = find_builtin(request.line)) {
        old_flags = builtin->flags;
        old_name = builtin->name;
    }
    if (old_name == nullptr) return 0;
    constexpr unsigned long kMustAgree = IRQF_ONESHOT | IRQF_PERCPU;
    const unsigned long old_trigger = old_flags & IRQF_TRIGGER_MASK;
    const unsigned long new_trigger = request.flags & IRQF_TRIGGER_MASK;
    const bool trigger_agrees = old_trigger == 0 || new_trigger == 0 || old_trigger == new_trigger;
    if ((old_flags & request.flags & IRQF_SHARED) != 0 && trigger_agrees && ((old_flags ^ request.flags) & kMustAgree) == 0)
        return 0;
    if ((request.flags & IRQF_PROBE_SHARED) == 0)
        printk(KERN_ERR "genirq: Flags mismatch irq %d. %08x (%s) vs. %08x (%s)\n", static_cast<int>(request.line),
                static_cast<unsigned>(request.flags), request.name, static_cast<unsigned>(old_flags),
               PrintableName(old_name).text);
    return -EBUSY;
}

int IrqService::request(const IrqRequest& request) {
    if (int error = check_request(request)) return error;
    if (int error = check_sharing(request)) return error;
    Line& line = touch(request.line);
    Action& action = actions_.emplace_back();
    action.line = request.line;
    action.handler = request.handler;
    action.thread_function = request.thread_function;
    action.flags = request.flags;
    action.device = request.device;
    snprintf(action.name, sizeof action.name, "%s", request.name != nullptr ? request.name : "(null)");
    action.given_name = request.name;
    if (request.thread_function != nullptr) start_thread(action);

    Action** end = &line.first;
    while (*end != nullptr) end = &(*end)->next;
    *end = &action;
    if (line.first == &action && (request.flags & IRQF_NO_AUTOEN) != 0) line.depth = 1;
    if ((request.flags & IRQF_TRIGGER_MASK) != 0) line.trigger_type = request.flags & IRQF_TRIGGER_MASK;
    update_machine_line(request.line);
    emit_release(&line);
    emit_line_event(EventKind::IrqRequest, request.line);
    return 0;
}

std::optional<const char*> IrqService::free(uint32_t number, void* device) {
    machine_.step_global(0);
    Line& line = lines_[number];
    Action** place = &line.first;
    while (*place != nullptr && (*place)->device != device) place = &(*place)->next;
    Action* action = *place;
    if (action == nullptr) return std::nullopt;
    *place = action->next;
    if (line.first == nullptr) line.depth = 0;
    update_machine_line(number);
    emit_line_event(EventKind::IrqFree, number);
    wait_for_handlers(number);
    if (action->thread != nullptr) stop_thread(*action);
    return action->given_name;
}

// ---- disabling and waiting -----------------------------------------------------------------------------------------------

void IrqService::disable(uint32_t number) {
    Line& line = touch(number);
    ++line.depth;
    update_machine_line(number);
    emit_line_event(EventKind::IrqDisable, number, line.depth);
}

void IrqService::enable(uint32_t number) {
    Line& line = touch(number);
    emit_line_event(EventKind::IrqEnable, number, line.depth);
    if (line.depth == 0) {
        kloom_warn("WARN(1)", "kernel/irq/manage.c", 0, "Unbalanced enable for IRQ %d\n", static_cast<int>(number));
        asm volatile("");  // no tail call: the report names this function
        return;
    }
    --line.depth;
    update_machine_line(number);
    emit_release(&line);
}

// A line interrupts one CPU at a time, as on x86: of several the first one is used.
void IrqService::set_affinity(uint32_t number, const machine::CpuSet& cpus) {
    touch(number);
    CpuId target = trace::kNoCpu;
    if ((machine_.online() & ~cpus).any())
        for (int cpu = machine_.possible_cpus() - 1; cpu >= 0; --cpu)
            if (cpus.test(static_cast<size_t>(cpu)) && machine_.online().test(static_cast<size_t>(cpu)))
                target = CpuId(static_cast<uint16_t>(cpu));
    machine_.line(number).affinity = target;
}

bool IrqService::wait_for_handlers(uint32_t number) {
    Line& line = lines_[number];
    machine_.step_object(trace::OperationKind::Sync, &line, 0);
    while (line.slot.is_running(&line)) line.slot.wait_spinning(&line);  // ends: the handlers return
    emit_acquire(&line.first);
    return line.threads_active == 0;
}

void IrqService::wait_for_threads(uint32_t number) {
    Line& line = lines_[number];
    machine_.step_global(0);
    while (line.threads_active != 0) waiters_.wait(&line, "synchronize_irq");  // ends: the threads finish
    emit_acquire(&line.threads_active);
}

IrqService::DeviceLine* IrqService::find_device_line(const DeviceLine& line) {
    for (DeviceLine& known : device_lines_)
        if (known.line == line.line && known.device == line.device) return &known;
    return nullptr;
}

unsigned long IrqService::start_probe() {
    unsigned long mask = 0;
    for (uint32_t number = 1; number < kProbedLines; ++number) {
        if (lines_[number].first != nullptr || find_builtin(number) != nullptr) continue;
        touch(number).is_probed = true;
        lines_[number].interrupts = 0;
        update_machine_line(number);
        mask |= 1ul << number;
    }
    return mask;
}

int IrqService::finish_probe(unsigned long mask) {
    int found = 0;
    int count = 0;
    for (uint32_t number = 0; number < kProbedLines; ++number) {
        Line& line = lines_[number];
        if (!line.is_probed) continue;
        if ((mask >> number & 1) != 0 && line.interrupts != 0 && count++ == 0) found = static_cast<int>(number);
        line.is_probed = false;
        update_machine_line(number);
    }
    return count > 1 ? -found : found;
}

// ---- handling ------------------------------------------------------------------------------------------------------------

void IrqService::handle(uint32_t number) {
    Line& line = touch(number);
    if (line.is_probed) {
        ++line.interrupts;
        return;
    }
    if (line.first == nullptr) return;
    if (line.depth + line.oneshot_pending != 0) {  // disabled after the interrupt was taken: it comes again when enabled
        machine_.raise_irq(number);
        return;
    }
    emit_acquire(&line);
    line.slot.begin(&line);
    bool was_handled = false;
    for (Action* action = line.first; action != nullptr; action = action->next) {
        irqreturn_t result = IRQ_WAKE_THREAD;
        if (action->handler != nullptr) result = call_module("irq", action->handler, static_cast<int>(number), action->device);
        if (result == IRQ_WAKE_THREAD && action->thread_function != nullptr) {
            wake_action_thread(line, *action);
        } else if (result == IRQ_WAKE_THREAD) {
            printk(KERN_WARNING "IRQ %d device %s returned IRQ_WAKE_THREAD but no thread function available.",
                    static_cast<int>(number), PrintableName(action->name).text);
        } else if (result != IRQ_NONE && result != IRQ_HANDLED) {
            printk(KERN_ERR "irq event %d: bogus return value %x\n", static_cast<int>(number), result);
        }
        was_handled |= result != IRQ_NONE;
    }
    machine_.step_object(trace::OperationKind::Sync, &line, 0);
    line.slot.end();
    emit_release(&line.first);
    account(number, line, was_handled);
}

void IrqService::account(uint32_t number, Line& line, bool was_handled) {
    if (!was_handled) ++line.unhandled;
    if (++line.interrupts < kAccountingPeriod) return;
    if (line.unhandled > kUnhandledMax) {
        printk(KERN_EMERG "irq %d: nobody cared (try booting with the \"irqpoll\" option)\n", static_cast<int>(number));
        printk(KERN_EMERG "Disabling IRQ #%d\n", static_cast<int>(number));
        ++line.depth;
        update_machine_line(number);
    }
    line.interrupts = line.unhandled = 0;
}

// ---- threads of handlers ---------------------------------------------------------------------------------------------------

void IrqService::start_thread(Action& action) {
    char name[48];
    snprintf(name, sizeof name, "irq/%u-%s", action.line, action.name);
    action.thread = &kernel().tasks->create_thread({.name = name, .function = &IrqService::thread_main, .data = &action});
    sched_set_fifo(action.thread->task);
    kernel().tasks->start(*action.thread);
}

void IrqService::stop_thread(Action& action) {
    machine_.step_global(0);
    action.must_stop = true;
    kernel().tasks->wake(*action.thread, TASK_NORMAL);
    while (!action.has_stopped) waiters_.wait(&action, "free_irq");  // ends: the thread sees must_stop
    emit_acquire(&action);
}

void IrqService::wake_action_thread(Line& line, Action& action) {
    machine_.step_global(0);
    if (action.must_run_thread) return;
    action.must_run_thread = true;
    ++line.threads_active;
    if ((action.flags & IRQF_ONESHOT) != 0) {
        ++line.oneshot_pending;
        update_machine_line(action.line);
    }
    emit_release(&action);
    kernel().tasks->wake(*action.thread, TASK_NORMAL);
}

int IrqService::thread_main(void* argument) {
    Action& action = *static_cast<Action*>(argument);
    IrqService& self = *kernel().irqs;
    for (;;) {  // ends: free_irq() sets must_stop
        while (!action.must_run_thread && !action.must_stop) kernel().tasks->sleep(TASK_INTERRUPTIBLE, "idle", nullptr);
        if (!action.must_run_thread) break;
        self.run_thread(action);
    }
    action.has_stopped = true;
    emit_release(&action);
    self.waiters_.wake(&action);
    return 0;
}

// must_run_thread is cleared first: an interrupt that comes meanwhile makes the thread run once more.
void IrqService::run_thread(Action& action) {
    Line& line = lines_[action.line];
    action.must_run_thread = false;
    emit_acquire(&action);
    call_module("irq thread", action.thread_function, static_cast<int>(action.line), action.device);
    machine_.step_global(0);
    --line.threads_active;
    if ((action.flags & IRQF_ONESHOT) != 0) {
        --line.oneshot_pending;
        update_machine_line(action.line);
    }
    emit_release(&line.threads_active);
    if (line.threads_active == 0) waiters_.wake(&line);
}

// ---- /proc/interrupts ------------------------------------------------------------------------------------------------------

namespace {

void append(std::string& text, const char* format, auto... values) {
    char buffer[96];
    snprintf(buffer, sizeof buffer, format, values...);
    text += buffer;
}

}  // namespace

void IrqService::format_interrupts(std::string& text) const {
    const auto cpus = static_cast<size_t>(machine_.possible_cpus());
    const auto for_each_online = [&](auto&& print) {
        for (size_t cpu = 0; cpu < cpus; ++cpu)
            if (machine_.online().test(cpu)) print(cpu);
    };
    append(text, "%*s", 11, "");
    for_each_online([&](size_t cpu) { append(text, "CPU%-8d", static_cast<int>(cpu)); });
    text += '\n';
    for (uint32_t number = 0; number < machine::kIrqLines; ++number) {
        const BuiltinAction* builtin = find_builtin(number);
        if (lines_[number].first == nullptr && builtin == nullptr) continue;
        append(text, "%3u: ", number);
        for_each_online([&](size_t cpu) { append(text, "%10llu ", static_cast<unsigned long long>(machine_.line(number).count[cpu])); });
        append(text, "  IO-APIC %4u-%s   ", number, number < NR_IRQS_LEGACY ? "edge   " : "fasteoi");
        const char* separator = "   ";
        if (builtin != nullptr) append(text, "%s%s", std::exchange(separator, ", "), builtin->name);
        for (const Action* action = lines_[number].first; action != nullptr; action = action->next)
            append(text, "%s%s", std::exchange(separator, ", "), action->name);
        text += '\n';
    }
    const unsigned long long ticks = machine_.now() * machine_.config().hz / trace::kNanosecondsPerSecond;
    append(text, "LOC: ");
    for_each_online([&](size_t) { append(text, "%10llu ", ticks); });
    text += "  Local timer interrupts\n";
}

}  // namespace kloom::kernel
