#include "detect/detectors.hpp"

#include "detect/assertion.hpp"
#include "detect/context_history.hpp"
#include "detect/cpu_number.hpp"
#include "detect/data_race.hpp"
#include "detect/deadlock.hpp"
#include "detect/irq_rules.hpp"
#include "detect/irqs_off_too_long.hpp"
#include "detect/leaks.hpp"
#include "detect/lock_order.hpp"
#include "detect/lock_tracker.hpp"
#include "detect/lock_use.hpp"
#include "detect/lost_update.hpp"
#include "detect/lost_wakeup.hpp"
#include "detect/memory_safety.hpp"
#include "detect/misuse.hpp"
#include "detect/preempt_imbalance.hpp"
#include "detect/sleep_in_atomic.hpp"
#include "detect/stale_cpu.hpp"
#include "detect/wait_states.hpp"

namespace kloom::detect {

std::vector<std::unique_ptr<trace::Observer>> make_detectors(const DetectorContext& context) {
    auto locks = std::make_unique<LockTracker>();
    auto history = std::make_unique<ContextHistory>();
    auto waits = std::make_unique<WaitStates>();
    auto races = std::make_unique<DataRace>(context);
    auto lost_wakeup = std::make_unique<LostWakeup>(context, *races, *waits);

    std::vector<std::unique_ptr<trace::Observer>> all;
    all.push_back(
        std::make_unique<MemorySafety>(context));  // first: a bad access must not become a race
    all.push_back(std::make_unique<StaleCpu>(context, *locks));
    all.push_back(std::make_unique<LostUpdate>(context));
    all.push_back(std::make_unique<CpuNumber>(context));
    all.push_back(std::make_unique<PreemptImbalance>(context, *history));
    all.push_back(std::make_unique<SleepInAtomic>(context, *history, *locks));
    all.push_back(std::make_unique<LockOrder>(context, *locks));
    all.push_back(std::make_unique<Deadlock>(context, *locks, *waits, *lost_wakeup));
    all.push_back(std::make_unique<LockUse>(context, *locks));
    all.push_back(std::make_unique<IrqsOffTooLong>(context));
    all.push_back(std::make_unique<IrqRules>(context));
    all.push_back(std::make_unique<Leaks>(context));
    all.push_back(std::make_unique<AssertionDetector>(context));
    all.push_back(std::make_unique<Misuse>(context));
    all.push_back(std::move(lost_wakeup));
    all.push_back(
        std::move(races));  // after LostUpdate: it makes marked reads follow their writers
    all.push_back(std::move(locks));
    all.push_back(std::move(history));
    all.push_back(std::move(waits));
    return all;
}

}  // namespace kloom::detect
