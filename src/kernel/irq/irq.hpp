// Interrupt lines: handlers, threads of handlers, disabling and waiting.
//
// The machine decides when a line interrupts a CPU, by its IrqLine; this service owns the rest of the line. A line is masked
// while somebody disabled it or while a thread of a one-shot handler has not finished: both are folded into the machine's
// disable_depth. Handlers of a line never run twice at once; they occupy the line's slot.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "kernel/irq/callback.hpp"
#include "kernel/irq/irq_work.hpp"
#include "kernel/irq/waiters.hpp"

enum irqreturn : unsigned int;

namespace kloom::kernel {

struct TaskRecord;

using IrqFunction = irqreturn (*)(int, void*);

struct IrqRequest {
    uint32_t line = 0;
    IrqFunction handler = nullptr;
    IrqFunction thread_function = nullptr;
    unsigned long flags = 0;  // IRQF_*
    const char* name = "";    // copied
    void* device = nullptr;
};

class IrqService final : public Service {
  public:
    explicit IrqService(machine::Machine& machine);

    void begin_execution() override;
    void report_leftovers(const ModuleImage& module) override;

    // request_threaded_irq(): 0 or a negative error. The caller has stepped (Global).
    int request(const IrqRequest& request);
    // free_irq(): the name, null if `device` has no handler there. Steps, sleeps.
    std::optional<const char*> free(uint32_t line, void* device);

    // The caller has stepped (Global).
    void disable(uint32_t line);
    void enable(uint32_t line);
    void set_affinity(uint32_t line, const machine::CpuSet& cpus);
    bool has_action(uint32_t line) const { return lines_[line].first != nullptr; }
    unsigned& trigger_type(uint32_t line) { return lines_[line].trigger_type; }

    // Spins until no handler of the line runs; returns false when one of its threads still does.
    bool wait_for_handlers(uint32_t line);
    // Sleeps until its threads are done as well.
    void wait_for_threads(uint32_t line);

    // Autodetection: watches all lines nobody uses; later tells which of them were raised.
    unsigned long start_probe();
    int finish_probe(unsigned long mask);

    // A line that goes with a device. The address is the record's identity until the end of the execution.
    struct DeviceLine {
        uint32_t line = 0;
        void* device = nullptr;
    };
    DeviceLine* add_device_line(const DeviceLine& line) { return &device_lines_.emplace_back(line); }
    DeviceLine* find_device_line(const DeviceLine& line);

    IrqWorks& irq_works() { return irq_works_; }

    // The machine's call: the handlers of `line`, in hardirq context.
    void handle(uint32_t line);

    // The text of /proc/interrupts.
    void format_interrupts(std::string& text) const;

  private:
    static constexpr size_t kNameMax = 32;

    // An installed handler. Stays in actions_ for the whole execution, so that a walk along a line survives its removal.
    struct Action {
        uint32_t line = 0;
        IrqFunction handler = nullptr;
        IrqFunction thread_function = nullptr;
        unsigned long flags = 0;
        void* device = nullptr;
        char name[kNameMax] = {};
        const char* given_name = nullptr;  // the module's own text, which free_irq() gives back
        Action* next = nullptr;
        TaskRecord* thread = nullptr;
        bool must_run_thread = false;  // woken and not yet served
        bool must_stop = false;
        bool has_stopped = false;
    };
    struct Line {
        explicit Line(const char* what = "interrupt handler") : slot(what, false) {}
        CallbackSlot slot;
        Action* first = nullptr;
        uint32_t depth = 0;           // Linux's: how often it is disabled
        uint32_t oneshot_pending = 0; // threads that keep it masked
        uint32_t threads_active = 0;
        uint32_t interrupts = 0;      // since the last look at unhandled ones
        uint32_t unhandled = 0;
        unsigned trigger_type = 0;
        bool is_probed = false;
        bool is_used = false;         // differs from its initial state
    };

    Line& touch(uint32_t number);
    int check_request(const IrqRequest& request) const;
    int check_sharing(const IrqRequest& request) const;
    void start_thread(Action& action);
    void stop_thread(Action& action);
    void wake_action_thread(Line& line, Action& action);
    void account(uint32_t number, Line& line, bool was_handled);
    void update_machine_line(uint32_t number);
    void emit_line_event(trace::EventKind kind, uint32_t number, uint32_t size = 0);
    static int thread_main(void* action);
    void run_thread(Action& action);

    machine::Machine& machine_;
    std::array<Line, machine::kIrqLines> lines_;
    std::vector<uint32_t> used_lines_;
    std::deque<Action> actions_;
    std::deque<DeviceLine> device_lines_;
    IrqWorks irq_works_;
    Waiters waiters_;  // for threads: object = the Line or the Action
};

}  // namespace kloom::kernel
