// Toy programs for tests of the machine and the strategies: tasks written as C++ functions on fibers, no kernel.
#pragma once

#include <functional>
#include <set>
#include <vector>

#include "explore/strategy.hpp"
#include "machine/machine.hpp"

namespace kloom::tests {

class ToyProgram final : public machine::Environment {
  public:
    using Body = std::function<void()>;

    explicit ToyProgram(const machine::MachineConfig& config) : machine_(config) { machine_.set_environment(*this); }

    machine::Machine& machine() { return machine_; }

    // Tasks that the first task starts; `setup` runs before, `finish` when all have ended (its task waits for them).
    std::vector<Body> tasks;
    Body setup = [] {};
    Body finish = [] {};
    Body on_irq = [] {};
    Body on_softirq = [] {};

    struct Count {
        uint64_t executions = 0;
        uint64_t abandoned = 0;
        uint64_t stopped = 0;
    };

    // Runs the whole search.
    Count explore(explore::Strategy& strategy) {
        Count count;
        while (strategy.begin_execution()) {
            const trace::ExecutionSummary summary = run(strategy);
            strategy.end_execution(summary);
            ++count.executions;
            count.abandoned += summary.end == trace::ExecutionEnd::Abandoned;
            count.stopped += summary.end == trace::ExecutionEnd::Stopped;
        }
        return count;
    }

    trace::ExecutionSummary run(trace::Chooser& chooser) { return machine_.run({.name = "boot", .entry = boot, .argument = this, .pid = 1}, chooser); }

    // A plain access by a task of the test, as the hooks would report it.
    static void access(void* address, uint32_t size, uint16_t flags) {
        machine::machine().access(reinterpret_cast<uintptr_t>(address), size, flags, 1);
    }
    static int read(int& variable) {
        access(&variable, sizeof variable, trace::kRead);
        return variable;
    }
    static void write(int& variable, int value) {
        access(&variable, sizeof variable, trace::kWrite);
        variable = value;
    }
    static void increment(int& variable) { write(variable, read(variable) + 1); }

    void share(const void* address, uint32_t size) { machine_.visible().insert(reinterpret_cast<uintptr_t>(address), size); }

    void handle_irq(uint32_t) override { on_irq(); }
    void handle_softirq(int) override { on_softirq(); }
    void wake_softirq_thread(trace::CpuId) override {}

  private:
    struct Started {
        ToyProgram* program;
        size_t index;
    };

    static void boot(void* argument) {
        ToyProgram& self = *static_cast<ToyProgram*>(argument);
        self.setup();
        self.ended_ = 0;
        self.started_.assign(self.tasks.size(), {});
        for (size_t index = 0; index < self.tasks.size(); ++index) {
            self.started_[index] = {&self, index};
            machine::Task& task = self.machine_.create_task(
                {.name = "task", .entry = task_main, .argument = &self.started_[index], .pid = static_cast<int32_t>(100 + index)});
            self.machine_.wake(task);
        }
        const auto all_ended = [](const void* program) {
            const auto& toy = *static_cast<const ToyProgram*>(program);
            return toy.ended_ == toy.tasks.size();
        };
        self.waiter_ = &self.machine_.current_task();
        while (!all_ended(&self)) self.machine_.sleep("tasks", nullptr);
        self.finish();
        self.machine_.end_program();
    }

    static void task_main(void* argument) {
        const Started& started = *static_cast<Started*>(argument);
        ToyProgram& self = *started.program;
        self.tasks[started.index]();
        self.machine_.step_global(1);
        ++self.ended_;
        self.machine_.wake(*self.waiter_);
    }

    machine::Machine machine_;
    std::vector<Started> started_;
    machine::Task* waiter_ = nullptr;
    size_t ended_ = 0;
};

}  // namespace kloom::tests
