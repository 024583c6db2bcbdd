// LostWakeup: a path that sleeps for ever although it was woken - before it had fallen asleep.
//
//      CPU 0   reader                      CPU 1   writer
//      checks the condition: false
//                                          makes it true
//                                          wakes the queue: nobody is asleep
//      sleeps                              ... for ever
//
// Judged when nothing can ever step again or a task hangs for minutes (Deadlock asks), and for user
// processes that still sleep at the end. Evidence of a lost wake-up is, in this order: somebody
// released the object it sleeps on between its last look at memory and its sleep, and it has not
// taken that over in an earlier wait; or one of the last locations that it looked at was written in
// between. Kernel functions that wait for the end of something (flush_work, kthread_stop) lose none. A path that sleeps without such evidence
// when the machine is stuck is a hang, and so is a user process that nothing has woken for ten
// minutes; a user process that waits for data nobody sends is no defect.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "detect/data_race.hpp"
#include "detect/detectors.hpp"
#include "detect/wait_states.hpp"

namespace kloom::detect {

class LostWakeup final : public trace::Observer {
  public:
    LostWakeup(const DetectorContext& context, DataRace& accesses, const WaitStates& waits)
        : context_(context), accesses_(accesses), waits_(waits) {}

    uint64_t interests() const override;
    void begin_execution() override;
    void on_event(const trace::Event& event) override;

    // Names what is wrong with the paths that sleep. Called when nothing can step and no deadlock
    // explains it.
    void on_stuck(const trace::Event& event);
    // The same for one task that hangs while others go on. Others that sleep may be why.
    void on_hung(const trace::Event& event);

  private:
    struct Look {
        uintptr_t address = 0;
        Site site;
    };
    // The last few reads of a task.
    struct Looks {
        static constexpr size_t kCount = 4;
        std::array<Look, kCount> last{};
        size_t next = 0;

        void clear() { *this = {}; }
        const Look& latest() const { return last[(next + kCount - 1) % kCount]; }
    };
    struct Wake {
        uintptr_t object = 0;
        Site site;
    };
    // A path took over what had been released on an object: a wake-up before it was not lost for it.
    struct Take {
        uintptr_t object = 0;
        trace::PathId path = trace::kNoPath;
        uint64_t number = 0;
    };
    // Why a sleeper sleeps although it should not.
    struct Evidence {
        Site look;  // its last check
        Site wake;  // what came too early; unknown: no evidence
        uintptr_t object = 0;
        bool is_wake = false;  // a wake-up; otherwise a write to what it had checked
    };

    void on_leftover(const trace::Event& event);
    bool was_taken(const Wake& wake, trace::PathId sleeper, std::string_view wait) const;
    Evidence find_evidence(trace::PathId sleeper, const WaitState& state);
    void report_lost(const WaitState& state, const Evidence& evidence, trace::Severity severity,
                     bool ends);
    void report_hang(const std::vector<trace::PathId>& sleepers, const char* why);

    DetectorContext context_;
    DataRace& accesses_;
    const WaitStates& waits_;
    PathTable<Looks> looks_;
    std::vector<Wake> wakes_;  // the last ones, in order
    size_t wakes_next_ = 0;
    std::vector<Take> takes_;  // the last ones, in order
    size_t takes_next_ = 0;
};

}  // namespace kloom::detect
