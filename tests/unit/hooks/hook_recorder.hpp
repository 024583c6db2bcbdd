// Runs a function as the only task of a machine and records the accesses that the hooks report.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "machine/machine.hpp"

namespace kloom::tests {

struct Recorded {
    uintptr_t address;
    uint32_t size;
    uint16_t flags;

    bool operator==(const Recorded&) const = default;
};

inline void PrintTo(const Recorded& access, std::ostream* out) {
    *out << "size " << access.size << " flags " << access.flags << " at " << access.address;
}

class HookRecorder final : public trace::Observer, public trace::Chooser, public machine::Environment {
  public:
    HookRecorder() : machine_(machine::MachineConfig{}) {
        machine_.set_environment(*this);
        machine_.observers().add(*this);
    }

    // What `body` reports when it runs as a task. The accesses of [memory, memory + size) are legal.
    std::vector<Recorded> record(std::function<void()> body) {
        body_ = std::move(body);
        accesses_.clear();
        machine_.run({.name = "test", .entry = run_body, .argument = this, .pid = 1}, *this);
        return accesses_;
    }
    void add_memory(const void* memory, size_t size) {
        const auto begin = reinterpret_cast<uintptr_t>(memory);
        machine_.memory().add_region(trace::Region::ModuleData, begin, begin + size);
    }

    uint64_t interests() const override { return trace::interest(trace::EventKind::Access); }
    void on_event(const trace::Event& event) override { accesses_.push_back({event.address, event.size, event.flags}); }
    size_t choose(const trace::ChoicePoint&) override { return 0; }
    void handle_irq(uint32_t) override {}
    void handle_softirq(int) override {}
    void wake_softirq_thread(trace::CpuId) override {}

  private:
    static void run_body(void* recorder) {
        static_cast<HookRecorder*>(recorder)->body_();
        machine::machine().end_program();
    }

    machine::Machine machine_;
    std::function<void()> body_;
    std::vector<Recorded> accesses_;
};

}  // namespace kloom::tests
