// Runs a function as the only task of a machine and keeps the events of memory that it causes.
#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "machine/machine.hpp"

namespace kloom::tests {

struct MemoryEvent {
    trace::EventKind kind;
    uintptr_t address;
    uint32_t size;
    uint16_t flags;
    std::string text;
};

class OnMachine final : public trace::Observer, public trace::Chooser, public machine::Environment {
  public:
    OnMachine() : machine_(machine::MachineConfig{}) {
        machine_.set_environment(*this);
        machine_.observers().add(*this);
    }
    machine::Machine& machine() { return machine_; }

    // One execution, in which `body` is the first task.
    void run(std::function<void()> body) {
        body_ = std::move(body);
        events.clear();
        machine_.run({.name = "test", .entry = run_body, .argument = this, .pid = 1}, *this);
    }
    size_t count(trace::EventKind kind) const {
        return static_cast<size_t>(std::ranges::count(events, kind, &MemoryEvent::kind));
    }

    std::vector<MemoryEvent> events;

    uint64_t interests() const override {
        using enum trace::EventKind;
        return trace::interests_of(Access, Allocate, Free, PerCpuAddress, Misuse);
    }
    void on_event(const trace::Event& event) override {
        events.push_back({event.kind, event.address, event.size, event.flags, event.text != nullptr ? event.text : ""});
    }
    size_t choose(const trace::ChoicePoint&) override { return 0; }
    void handle_irq(uint32_t) override {}
    void handle_softirq(int) override {}
    void wake_softirq_thread(trace::CpuId) override {}

  private:
    static void run_body(void* self) {
        static_cast<OnMachine*>(self)->body_();
        machine::machine().end_program();
    }

    machine::Machine machine_;
    std::function<void()> body_;
};

}  // namespace kloom::tests
