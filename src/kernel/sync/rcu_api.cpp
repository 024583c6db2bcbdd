// RCU and SRCU as modules call them; the work is RcuService's.

#include "kernel/module_access.hpp"
#include "kernel/sync/locks.hpp"
#include "kernel/sync/rcu.hpp"

#include <linux/rcupdate.h>
#include <linux/srcu.h>

using namespace kloom::kernel;
using kloom::trace::OperationKind;
using kloom::trace::Severity;

namespace {

constexpr uint16_t kReaderFlags = kloom::trace::kLockRcu | kloom::trace::kLockShared |
                                  kloom::trace::kLockRecursiveRead | kloom::trace::kLockNoOrder;
// SRCU readers may sleep and may be ended by somebody else.
constexpr uint16_t kSrcuReaderFlags = kloom::trace::kLockShared | kloom::trace::kLockSleeps |
                                      kloom::trace::kLockRecursiveRead |
                                      kloom::trace::kLockNoOrder | kloom::trace::kLockNoOwner;

RcuService& rcu() {
    return *kernel().rcu;
}

void misuse(const char* message, const void* object, Severity severity = Severity::Error) {
    emit_misuse("rcu-misuse", severity, message, object);
}

void enter_reader(struct lockdep_map* map) {
    rcu().enter(map);
    emit_lock_acquire({map, map, kReaderFlags}, 0);
}

void leave_reader(struct lockdep_map* map, const char* message) {
    if (rcu().is_reading(map)) emit_lock_release({map, map, kReaderFlags}, machine().current().id);
    if (!rcu().leave(map)) misuse(message, map);
}

// Waits for a grace period of `domain` that begins now.
void synchronize(const void* domain, const char* function) {
    begin_sleeping_function(function);
    if (rcu().is_reading(domain == RcuService::kRcu ? &rcu_lock_map : domain))
        misuse("a reader waits for the end of all readers, itself among them", domain);
    machine().step_global(0);
    rcu().wait_for(rcu().begin_grace_period(domain), function);
}

LockIdentity identity(const struct srcu_struct* ssp) {
    return {ssp, &ssp->dep_map, kSrcuReaderFlags};
}

}  // namespace

extern "C" {

struct lockdep_map rcu_lock_map = {.key = nullptr, .name = "rcu_read_lock"};
struct lockdep_map rcu_bh_lock_map = {.key = nullptr, .name = "rcu_read_lock_bh"};
struct lockdep_map rcu_sched_lock_map = {.key = nullptr, .name = "rcu_read_lock_sched"};

void rcu_read_lock() {
    KLOOM_API();
    enter_reader(&rcu_lock_map);
}

void rcu_read_unlock() {
    KLOOM_API();
    leave_reader(&rcu_lock_map, "rcu_read_unlock() without rcu_read_lock()");
}

void rcu_read_lock_bh() {
    KLOOM_API();
    local_bh_disable();
    enter_reader(&rcu_bh_lock_map);
}

void rcu_read_unlock_bh() {
    KLOOM_API();
    leave_reader(&rcu_bh_lock_map, "rcu_read_unlock_bh() without rcu_read_lock_bh()");
    local_bh_enable();
}

void rcu_read_lock_sched() {
    KLOOM_API();
    preempt_disable();
    enter_reader(&rcu_sched_lock_map);
}

void rcu_read_unlock_sched() {
    KLOOM_API();
    leave_reader(&rcu_sched_lock_map, "rcu_read_unlock_sched() without rcu_read_lock_sched()");
    preempt_enable();
}

int rcu_read_lock_held() {
    return rcu().is_reading(&rcu_lock_map);
}

int rcu_read_lock_bh_held() {
    const kloom::machine::Path& path = machine().current();
    return path.bh_disabled() || path.irqs_disabled || rcu().is_reading(&rcu_bh_lock_map);
}

int rcu_read_lock_sched_held() {
    return !machine().current().is_preemptible() || rcu().is_reading(&rcu_sched_lock_map);
}

int rcu_read_lock_any_held() {
    return rcu_read_lock_held() || rcu_read_lock_bh_held() || rcu_read_lock_sched_held();
}

void kloom_rcu_misuse(const char* message) {
    KLOOM_API();
    misuse(message, nullptr, Severity::Warning);
}

void synchronize_rcu() {
    KLOOM_API();
    synchronize(RcuService::kRcu, "synchronize_rcu");
}

void synchronize_rcu_expedited() {
    KLOOM_API();
    synchronize(RcuService::kRcu, "synchronize_rcu_expedited");
}

void call_rcu(struct rcu_head* head, rcu_callback_t func) {
    KLOOM_API();
    rcu().queue({.head = head, .function = func, .object = head, .domain = RcuService::kRcu});
}

void kloom_kfree_rcu(const void* object, struct rcu_head* head) {
    KLOOM_API();
    rcu().queue({.head = head, .object = object, .domain = RcuService::kRcu});
}

void kloom_kfree_rcu_might_sleep(const void* object) {
    KLOOM_API();
    begin_sleeping_function("kfree_rcu");
    rcu().queue({.object = object, .domain = RcuService::kRcu});
}

void rcu_barrier() {
    KLOOM_API();
    begin_sleeping_function("rcu_barrier");
    rcu().wait_for_callbacks(RcuService::kRcu, "rcu_barrier");
}

unsigned long get_state_synchronize_rcu() {
    KLOOM_API();
    machine().step_global(0);
    return rcu().next_grace_period();
}

unsigned long start_poll_synchronize_rcu() {
    KLOOM_API();
    machine().step_global(0);
    return rcu().begin_grace_period(RcuService::kRcu);
}

bool poll_state_synchronize_rcu(unsigned long oldstate) {
    KLOOM_API();
    machine().step_global(0);
    rcu().advance();
    return rcu().is_over(oldstate);
}

void cond_synchronize_rcu(unsigned long oldstate) {
    KLOOM_API();
    begin_sleeping_function("cond_synchronize_rcu");
    machine().step_global(0);
    rcu().advance();
    if (!rcu().is_over(oldstate))
        rcu().wait_for(rcu().begin_grace_period(RcuService::kRcu), "cond_synchronize_rcu");
}

// ---- SRCU
// ----------------------------------------------------------------------------------------------------------------

int kloom_init_srcu_struct(struct srcu_struct* ssp, const char* name, struct lock_class_key* key) {
    KLOOM_API();
    machine().step_object(OperationKind::Sync, ssp, 0);
    note_object(ssp, sizeof *ssp, "init_srcu_struct");
    ssp->srcu_idx = 0;
    ssp->dep_map = {.key = key, .name = name};
    emit_lock_init(identity(ssp), sizeof *ssp);
    return 0;
}

void cleanup_srcu_struct(struct srcu_struct* ssp) {
    KLOOM_API();
    machine().step_global(0);
    note_object(ssp, sizeof *ssp, "cleanup_srcu_struct");
    if (rcu().is_domain_in_use(ssp)) misuse("cleanup_srcu_struct() while a reader is active", ssp);
}

int srcu_read_lock(struct srcu_struct* ssp) {
    KLOOM_API();
    rcu().enter(ssp);
    note_object(ssp, sizeof *ssp, "srcu_read_lock");
    emit_lock_acquire(identity(ssp), 0);
    return static_cast<int>(ssp->srcu_idx & 1);
}

void srcu_read_unlock(struct srcu_struct* ssp, int idx) {
    KLOOM_API();
    note_object(ssp, sizeof *ssp, "srcu_read_unlock");
    emit_lock_release(identity(ssp), machine().current().id);
    if (!rcu().leave(ssp, idx)) misuse("srcu_read_unlock() without srcu_read_lock()", ssp);
}

int srcu_read_lock_held(const struct srcu_struct* ssp) {
    return rcu().is_reading(ssp);
}

void synchronize_srcu(struct srcu_struct* ssp) {
    KLOOM_API();
    note_object(ssp, sizeof *ssp, "synchronize_srcu");
    synchronize(ssp, "synchronize_srcu");
}

void synchronize_srcu_expedited(struct srcu_struct* ssp) {
    KLOOM_API();
    note_object(ssp, sizeof *ssp, "synchronize_srcu_expedited");
    synchronize(ssp, "synchronize_srcu_expedited");
}

void call_srcu(struct srcu_struct* ssp, struct rcu_head* head, rcu_callback_t func) {
    KLOOM_API();
    note_object(ssp, sizeof *ssp, "call_srcu");
    rcu().queue({.head = head, .function = func, .object = head, .domain = ssp});
}

void srcu_barrier(struct srcu_struct* ssp) {
    KLOOM_API();
    note_object(ssp, sizeof *ssp, "srcu_barrier");
    begin_sleeping_function("srcu_barrier");
    rcu().wait_for_callbacks(ssp, "srcu_barrier");
}

}  // extern "C"
