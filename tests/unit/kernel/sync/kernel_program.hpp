// Programs for tests of the kernel interface: kernel threads written as C++ functions, run on the
// machine with the real kernel and explored by a strategy.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "explore/strategy.hpp"
#include "kernel/kernel.hpp"
#include "kernel/sched/tasks.hpp"
#include "machine/machine.hpp"

namespace kloom::tests {

class KernelProgram : public trace::Observer {
  public:
    using Body = std::function<void()>;

    explicit KernelProgram(int cpus = 2) : machine_(config(cpus)), kernel_(machine_) {
        machine_.observers().add(*this);
    }

    machine::Machine& machine() { return machine_; }

    // `setup` runs first, then the threads together, then `finish`.
    Body setup = [] {};
    std::vector<Body> threads;
    Body finish = [] {};

    // The objects under test are memory of the kernel to the machine.
    template <class T>
    void share(const T& object) {
        const auto begin = reinterpret_cast<uintptr_t>(&object);
        machine_.memory().add_region(trace::Region::Kernel, begin, begin + sizeof object);
    }

    // Parks the current path until the condition holds.
    static void wait_until(bool (*condition)(const void*), const void* argument) {
        machine::machine().step(
            {.footprint = {}, .is_ready = condition, .ready_argument = argument});
    }

    struct Count {
        uint64_t executions = 0;
        uint64_t stuck = 0;    // nothing could go on
        uint64_t misuses = 0;  // executions with at least one
    };
    Count explore(explore::Strategy& strategy) {
        Count count;
        while (strategy.begin_execution()) {
            misuses.clear();
            is_stuck_ = false;
            kernel_.begin_execution();
            strategy.end_execution(machine_.run(
                {.name = "boot", .entry = boot, .argument = this, .pid = 50}, strategy));
            ++count.executions;
            count.stuck += is_stuck_;
            count.misuses += !misuses.empty();
        }
        return count;
    }

    std::map<std::string, int> misuses;  // of the last execution, by finding id

    uint64_t interests() const override {
        return trace::interests_of(trace::EventKind::Stuck, trace::EventKind::Misuse);
    }
    void on_event(const trace::Event& event) override {
        if (event.kind == trace::EventKind::Stuck) is_stuck_ = true;
        if (event.kind == trace::EventKind::Misuse) ++misuses[event.text];
    }

  private:
    static machine::MachineConfig config(int cpus) {
        machine::MachineConfig config;
        config.cpus = config.possible_cpus = cpus;
        return config;
    }

    static void boot(void* argument) {
        KernelProgram& self = *static_cast<KernelProgram*>(argument);
        running_ = &self;
        self.setup();
        self.ended_ = 0;
        self.boot_ = &kernel::kernel().tasks->current();
        for (Body& body : self.threads) {
            self.machine_.step_global(0);
            kernel::TaskService& tasks = *kernel::kernel().tasks;
            tasks.start(
                tasks.create_thread({.name = "thread", .function = thread_main, .data = &body}));
        }
        constexpr unsigned kUninterruptible = 2;
        while (self.ended_ != self.threads.size())
            kernel::kernel().tasks->sleep(kUninterruptible, "threads", nullptr);
        self.finish();
        self.machine_.end_program();
    }

    static int thread_main(void* body) {
        (*static_cast<Body*>(body))();
        machine::machine().step_global(0);
        KernelProgram& self = *running_;
        ++self.ended_;
        constexpr unsigned kAnyState = ~0u;
        kernel::kernel().tasks->wake(*self.boot_, kAnyState);
        return 0;
    }

    inline static KernelProgram* running_ = nullptr;

    machine::Machine machine_;
    kernel::Kernel kernel_;
    kernel::TaskRecord* boot_ = nullptr;
    size_t ended_ = 0;
    bool is_stuck_ = false;
};

}  // namespace kloom::tests
