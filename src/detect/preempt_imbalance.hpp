// PreemptImbalance: module code that returns with preemption or interrupts in another state than it
// was called in, and code that enables preemption more often than it disabled it.
#pragma once

#include <vector>

#include "detect/context_history.hpp"
#include "detect/detectors.hpp"

namespace kloom::detect {

class PreemptImbalance final : public trace::Observer {
  public:
    PreemptImbalance(const DetectorContext& context, const ContextHistory& history)
        : context_(context), history_(history) {}

    uint64_t interests() const override;
    void begin_execution() override { paths_.begin_execution(); }
    void on_event(const trace::Event& event) override;

  private:
    // A call of the kernel into the module that has not returned.
    struct Call {
        uint32_t preempt_count = 0;
        bool irqs_disabled = false;
        Site site;
        char kind[24] = {};
    };
    struct State {
        std::vector<Call> calls;
        bool is_reported = false;  // of the present system call
        bool is_left_off =
            false;  // an earlier system call left preemption off; what follows from it is no news

        void clear() {
            calls.clear();
            is_reported = is_left_off = false;
        }
    };

    void on_enter(const trace::Event& event, State& state);
    void on_return(const trace::Event& event, State& state);
    void on_change(const trace::Event& event);
    void on_return_to_user(const trace::Event& event, State& state);
    bool compare(const trace::Event& event, const Call& call);
    void report(const char* id, const std::string& message, const trace::Event& event,
                const Site& cause, const char* cause_role);

    DetectorContext context_;
    const ContextHistory& history_;
    PathTable<State> paths_;
};

}  // namespace kloom::detect
