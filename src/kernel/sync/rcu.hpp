// RcuService: readers, grace periods and callbacks of RCU and of all SRCU domains.
//
//   readers        a list of (domain, path, number of the last grace period that had begun).
//   Entering and leaving are steps
//                  that only read the RCU object, so that readers commute with each other.
//   grace period   has a number; over when no reader of its domain is left that entered before it
//   began. For RCU it also
//                  waits for CPUs that ran with preemption, softirqs or interrupts off when it
//                  began, each until it was seen otherwise once.
//   callbacks      stay on the CPU that queued them. When their grace period is over, a timer event
//   raises RCU_SOFTIRQ there, or queues a work for those of SRCU.
//
// Whoever ends the last reader of a grace period takes a second, global step, in which sleepers are
// woken and callbacks are scheduled (advance()). Nothing tells when a busy CPU becomes quiet:
// synchronize_rcu() parks until it is, the callbacks' timer event comes back a tick later.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "kernel/kernel.hpp"

struct callback_head;
struct lockdep_map;
struct work_struct;

namespace kloom::kernel {

class RcuService final : public Service {
  public:
    explicit RcuService(machine::Machine& machine);
    ~RcuService() override;

    void begin_execution() override;
    void report_leftovers(const ModuleImage& module) override;

    // Whether any reader of RCU proper is active.
    bool has_readers() const;

    // ---- readers; `domain` is an rcu_..._lock_map or an srcu_struct. Each makes its step
    // ---------
    void enter(const void* domain);
    // False, after the step, when no such reader is there.
    bool leave(const void* domain, int index = kAnyIndex);
    // The current path or one that it interrupted reads in `domain`.
    bool is_reading(const void* domain) const;
    bool is_domain_in_use(const void* domain) const;
    static constexpr int kAnyIndex = -1;

    // ---- grace periods; `domain` is kRcu or an srcu_struct
    // ------------------------------------------------------------- The caller stepped (Global).
    // The number of the grace period that begins now.
    uint64_t begin_grace_period(const void* domain);
    // The number that the next one will have, whoever begins it.
    uint64_t next_grace_period() const { return grace_periods_ + 1; }
    // Sleeps until it is over; steps. `function` for reports.
    void wait_for(uint64_t number, const char* function);
    bool is_over(uint64_t number) const;
    // Ends the grace periods that nothing holds up, wakes their waiters, schedules callbacks. The
    // caller stepped (Global). `tick`: see busy_cpus().
    void advance(const machine::Path* tick = nullptr);
    // Stands for RCU proper among the domains, and for the grace period machinery as an object of
    // steps.
    static const void* const kRcu;

    // ---- callbacks
    // -------------------------------------------------------------------------------------------------------
    struct Callback {
        callback_head* head = nullptr;  // null: free `object` only
        void (*function)(callback_head*) = nullptr;
        const void* object = nullptr;  // to be freed when there is no function
        const void* domain = nullptr;
        uint64_t grace_period = 0;
        uint64_t number = 0;  // in the order of queueing
        CpuId cpu{};
    };
    // Takes the step. The grace period begins now.
    void queue(Callback callback);
    // Sleeps until the callbacks of `domain` that are queued now have run; steps.
    void wait_for_callbacks(const void* domain, const char* function);

  private:
    void free_pending_objects();

    struct Reader {
        const void* domain;
        trace::PathId path;
        uint32_t depth;
        uint64_t entered;  // grace periods that had begun then
    };
    struct GracePeriod {
        uint64_t number;
        const void* domain;
        machine::CpuSet busy;  // CPUs that have not been seen quiet since it began
    };

    static bool belongs_to(const Reader& reader, const void* domain);
    // `tick` is RCU's own interrupt, below which the CPU may be quiet; null elsewhere.
    static machine::CpuSet busy_cpus(const machine::Path* tick = nullptr);
    static bool is_quiet(const void* service);
    static void on_timer(machine::TimerEvent& event);
    Reader* find_own(const void* domain);
    Reader* find_reader(const void* domain, int index);
    bool has_blocking_reader(const GracePeriod& period) const;
    bool holds_up(const Reader& reader) const;
    void schedule_callbacks();
    bool is_ready(const Callback& callback) const;
    enum class CallbackKind : uint8_t { Rcu, Srcu };
    void run_callbacks(CallbackKind kind);
    static void run_srcu_callbacks(work_struct* work);
    void invoke(const Callback& callback);

    std::vector<Reader> readers_;
    std::vector<GracePeriod> pending_;  // begun and not over, oldest first
    uint64_t grace_periods_ = 0;        // begun so far
    uint64_t last_over_ = 0;            // newest of RCU proper that is over
    std::deque<Callback> callbacks_;
    uint64_t callbacks_queued_ = 0;
    std::vector<machine::TimerEvent> timers_;    // [cpu]
    std::unique_ptr<work_struct[]> srcu_works_;  // [cpu]; run the callbacks of SRCU
};

}  // namespace kloom::kernel
