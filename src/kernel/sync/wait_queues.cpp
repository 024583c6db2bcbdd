#include "kernel/sync/wait_queues.hpp"

#include "kernel/irq/callback.hpp"
#include "kernel/module_access.hpp"
#include "kernel/sched/tasks.hpp"
#include "kernel/sync/locks.hpp"

#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/wait.h>
#include <linux/wait_bit.h>

namespace kloom::kernel {

using trace::OperationKind;

// ---- hashed queues
// ---------------------------------------------------------------------------------------------------

WaitQueueService::WaitQueueService(machine::Machine& machine)
    : hashed_queues_(std::make_unique<wait_queue_head[]>(kHashedQueues)) {
    const auto begin = reinterpret_cast<uintptr_t>(hashed_queues_.get());
    machine.memory().add_region(trace::Region::Kernel, begin,
                                begin + kHashedQueues * sizeof(wait_queue_head));
    is_used_ = true;
    begin_execution();
}

WaitQueueService::~WaitQueueService() = default;

void WaitQueueService::begin_execution() {
    if (!is_used_) return;
    is_used_ = false;
    for (size_t index = 0; index < kHashedQueues; ++index) {
        wait_queue_head& head = hashed_queues_[index];
        head.lock = __SPIN_LOCK_UNLOCKED(head.lock);
        INIT_LIST_HEAD(&head.head);
    }
}

wait_queue_head* WaitQueueService::queue_of(const void* object, int bit) {
    constexpr uint64_t kGoldenRatio = 0x61c8864680b583ebull;
    constexpr int kHashShift = 64 - 8;
    is_used_ = true;
    const uint64_t key = reinterpret_cast<uintptr_t>(object) * 64 + static_cast<uint64_t>(bit);
    return &hashed_queues_[key * kGoldenRatio >> kHashShift];
}

namespace {

// What a wake function is told when the waker is about to sleep (WF_SYNC).
constexpr int kWakeSync = 0x10;

// ---- lists in module memory
// ------------------------------------------------------------------------------------------

TaskService& tasks() {
    return *kernel().tasks;
}
TaskRecord& current_record() {
    return tasks().current();
}

void require_node(const list_head* node, const char* function) {
    note_object(node, sizeof *node, function);
}

void link_entry(wait_queue_entry* entry, list_head* before, const char* function) {
    require_node(before, function);
    list_head* after = before->next;
    require_node(after, function);
    entry->entry.next = after;
    entry->entry.prev = before;
    after->prev = before->next = &entry->entry;
}

void unlink_entry(wait_queue_entry* entry, const char* function) {
    list_head* before = entry->entry.prev;
    list_head* after = entry->entry.next;
    require_node(before, function);
    require_node(after, function);
    before->next = after;
    after->prev = before;
}

void unlink_and_initialise(wait_queue_entry* entry, const char* function) {
    unlink_entry(entry, function);
    INIT_LIST_HEAD(&entry->entry);
}

bool is_queued(const wait_queue_entry* entry) {
    return entry->entry.next != &entry->entry;
}

// ---- the head's lock
// ---------------------------------------------------------------------------------------------------

// Who waits until he may work on a queue. Lives on his stack; asked while others run.
struct HeadWait {
    const wait_queue_head* head;
    unsigned owner;  // for whom the lock may be held; 0: nobody
};

bool may_work(const void* argument) {
    const auto& wait = *static_cast<const HeadWait*>(argument);
    const unsigned owner = wait.head->lock.rlock.owner;
    return owner == 0 || owner == wait.owner || is_gone(wait.head);
}

LockIdentity lock_of(const wait_queue_head* head) {
    return {&head->lock, &head->lock.rlock.dep_map, trace::kLockExclusive};
}

void step_on(const HeadWait& wait, const trace::Footprint& footprint, const char* function) {
    require_memory(wait.head, sizeof *wait.head, function);
    machine().step({.kind = OperationKind::Sync,
                    .footprint = footprint,
                    .is_ready = may_work,
                    .ready_argument = &wait});
    note_object(wait.head, sizeof *wait.head, function);
}

trace::Footprint footprint_of(const wait_queue_head* head) {
    return {.address = reinterpret_cast<uintptr_t>(head), .size = 1, .scope = trace::Scope::Object};
}

// Steps on the queue once its lock is free. Taking the lock that one holds already is the module's
// deadlock.
void step_on_queue(wait_queue_head* head, const char* function) {
    require_memory(head, sizeof *head, function);
    if (head->lock.rlock.owner == current_owner()) emit_lock_request(lock_of(head), 0);
    const HeadWait wait{head, 0};
    step_on(wait, footprint_of(head), function);
}

// As above for whoever may hold the head's lock.
void step_on_own_queue(wait_queue_head* head, const char* function) {
    const HeadWait wait{head, current_owner()};
    step_on(wait, footprint_of(head), function);
}

void step_globally_on_queue(wait_queue_head* head, const char* function) {
    const HeadWait wait{head, current_owner()};
    step_on(wait, {.scope = trace::Scope::Global}, function);
}

// ---- waking
// --------------------------------------------------------------------------------------------------------------

int wake_and_remove_entry(wait_queue_entry* entry, unsigned mode) {
    const int is_woken = wake_entry(entry, mode);
    if (is_woken) unlink_and_initialise(entry, "autoremove_wake_function");
    return is_woken;
}

int wake_and_mark_entry(wait_queue_entry* entry, unsigned mode) {
    entry->flags |= WQ_FLAG_WOKEN;
    return wake_entry(entry, mode);
}

// A wake function of the module runs with the head's lock held and interrupts off.
int call_wake_function(wait_queue_head* head, wait_queue_entry* entry, unsigned mode, int flags,
                       void* key) {
    if (head->lock.rlock.owner != 0)
        return call_module("wake function", entry->func, entry, mode, flags, key);
    head->lock.rlock.owner = current_owner();
    const unsigned long irq_flags = enter_lock_context_saving_irqs();
    const int result = call_module("wake function", entry->func, entry, mode, flags, key);
    head->lock.rlock.owner = 0;
    leave_lock_context_restoring_irqs(irq_flags);
    return result;
}

int wake_by_function(wait_queue_head* head, wait_queue_entry* entry, unsigned mode, int flags,
                     void* key) {
    const wait_queue_func_t function = entry->func;
    if (function == default_wake_function) return wake_entry(entry, mode);
    if (function == autoremove_wake_function) return wake_and_remove_entry(entry, mode);
    if (function == woken_wake_function) return wake_and_mark_entry(entry, mode);
    if (kernel().module.contains_text(reinterpret_cast<uintptr_t>(function)))
        return call_wake_function(head, entry, mode, flags, key);
    if (function == nullptr) note_object(nullptr, 1, "__wake_up");
    return function(entry, mode, flags, key);
}

int wake_if_any(wait_queue_head* head, unsigned mode, int nr_exclusive, int flags, void* key) {
    emit_release(head);
    if (head->head.next == &head->head) return 0;
    step_globally_on_queue(head, "__wake_up");
    return wake_queue(head, mode, nr_exclusive, flags, key);
}

int wake_unlocked(wait_queue_head* head, unsigned mode, int nr_exclusive, void* key,
                  int flags = 0) {
    step_on_queue(head, "__wake_up");
    return wake_if_any(head, mode, nr_exclusive, flags, key);
}

void wake_locked(wait_queue_head* head, unsigned mode, int nr_exclusive, void* key) {
    step_on_own_queue(head, "__wake_up_locked");
    wake_if_any(head, mode, nr_exclusive, 0, key);
}

// ---- queueing
// --------------------------------------------------------------------------------------------------------------

// Where an entry that is not exclusive goes: behind those with priority.
list_head* last_with_priority(wait_queue_head* head, const char* function) {
    list_head* last = &head->head;
    for (;;) {  // ends: at the first entry without priority, or back at the head
        list_head* next = last->next;
        if (next == &head->head) return last;
        require_node(next, function);
        if ((list_entry(next, wait_queue_entry, entry)->flags & WQ_FLAG_PRIORITY) == 0) return last;
        last = next;
    }
}

void queue_entry(wait_queue_head* head, wait_queue_entry* entry, const char* function) {
    const bool is_at_end =
        (entry->flags & (WQ_FLAG_EXCLUSIVE | WQ_FLAG_PRIORITY)) == WQ_FLAG_EXCLUSIVE;
    link_entry(entry, is_at_end ? head->head.prev : last_with_priority(head, function), function);
}

void add_entry(wait_queue_head* head, wait_queue_entry* entry, unsigned flags,
               const char* function) {
    step_on_queue(head, function);
    note_object(entry, sizeof *entry, function);
    entry->flags = (entry->flags & ~unsigned{WQ_FLAG_EXCLUSIVE | WQ_FLAG_PRIORITY}) | flags;
    queue_entry(head, entry, function);
}

// The step on the queue has been made. True if it was the first to be queued.
bool queue_in_state(wait_queue_head* head, wait_queue_entry* entry, unsigned state,
                    const char* function) {
    const bool is_first = head->head.next == &head->head;
    if (!is_queued(entry)) queue_entry(head, entry, function);
    current_record().task->__state = state;
    return is_first;
}

// Queues the entry for the running task, or says -ERESTARTSYS.
long prepare_unless_signalled(wait_queue_head* head, wait_queue_entry* entry, unsigned state,
                              const char* function) {
    note_object(entry, sizeof *entry, function);
    if (tasks().has_signal_for(current_record(), state)) {
        unlink_and_initialise(entry, function);
        return -ERESTARTSYS;
    }
    queue_in_state(head, entry, state, function);
    return 0;
}

void initialise_entry(wait_queue_entry* entry, int flags) {
    entry->flags = static_cast<unsigned>(flags);
    entry->KLOOM_PRIVATE = current_record().task;
    entry->func = autoremove_wake_function;
    INIT_LIST_HEAD(&entry->entry);
}

void stop_waiting(wait_queue_head* head, wait_queue_entry* entry, const char* function) {
    current_record().task->__state = TASK_RUNNING;
    if (!is_queued(entry)) return;
    step_on_own_queue(head, function);
    if (is_queued(entry)) unlink_and_initialise(entry, function);
}

}  // namespace

int wake_entry(wait_queue_entry* entry, unsigned mode) {
    TaskRecord* record =
        tasks().find(static_cast<task_struct*>(entry->KLOOM_PRIVATE), "default_wake_function");
    return record != nullptr && tasks().wake(*record, mode);
}

long queue_for_event(wait_queue_head* head, wait_queue_entry* entry, unsigned state) {
    step_on_own_queue(head, "wait_event");
    return prepare_unless_signalled(head, entry, state, "wait_event");
}

int wake_queue(wait_queue_head* head, unsigned mode, int nr_exclusive, int flags, void* key) {
    require_node(head->head.next, "__wake_up");
    for (list_head* node = head->head.next;
         node != &head->head;) {  // ends: an entry is in the list once
        wait_queue_entry* entry = list_entry(node, wait_queue_entry, entry);
        require_node(node, "__wake_up");
        note_object(entry, sizeof *entry, "__wake_up");
        node = node->next;
        const unsigned entry_flags = entry->flags;
        const int result = wake_by_function(head, entry, mode, flags, key);
        if (result < 0) break;
        if (result > 0 && (entry_flags & WQ_FLAG_EXCLUSIVE) != 0 && --nr_exclusive == 0) break;
    }
    return nr_exclusive;
}

}  // namespace kloom::kernel

using namespace kloom::kernel;

extern "C" {

void __init_waitqueue_head(struct wait_queue_head* wq_head, const char* name,
                           struct lock_class_key* key) {
    KLOOM_API();
    machine().step_object(OperationKind::Sync, wq_head, 0);
    note_object(wq_head, sizeof *wq_head, "init_waitqueue_head");
    wq_head->lock.rlock.dep_map = {.key = key, .name = name};
    emit_lock_init(lock_of(wq_head), sizeof wq_head->lock);
    wq_head->lock.rlock.owner = 0;
    INIT_LIST_HEAD(&wq_head->head);
}

void add_wait_queue(struct wait_queue_head* wq_head, struct wait_queue_entry* wq_entry) {
    KLOOM_API();
    add_entry(wq_head, wq_entry, 0, "add_wait_queue");
}

void add_wait_queue_exclusive(struct wait_queue_head* wq_head, struct wait_queue_entry* wq_entry) {
    KLOOM_API();
    add_entry(wq_head, wq_entry, WQ_FLAG_EXCLUSIVE, "add_wait_queue_exclusive");
}

void add_wait_queue_priority(struct wait_queue_head* wq_head, struct wait_queue_entry* wq_entry) {
    KLOOM_API();
    add_entry(wq_head, wq_entry, WQ_FLAG_EXCLUSIVE | WQ_FLAG_PRIORITY, "add_wait_queue_priority");
}

void remove_wait_queue(struct wait_queue_head* wq_head, struct wait_queue_entry* wq_entry) {
    KLOOM_API();
    step_on_queue(wq_head, "remove_wait_queue");
    note_object(wq_entry, sizeof *wq_entry, "remove_wait_queue");
    unlink_entry(wq_entry, "remove_wait_queue");
    wq_entry->entry = {static_cast<list_head*>(LIST_POISON1),
                       static_cast<list_head*>(LIST_POISON2)};
}

void prepare_to_wait(struct wait_queue_head* wq_head, struct wait_queue_entry* wq_entry,
                     int state) {
    KLOOM_API();
    step_on_queue(wq_head, "prepare_to_wait");
    note_object(wq_entry, sizeof *wq_entry, "prepare_to_wait");
    wq_entry->flags &= ~unsigned{WQ_FLAG_EXCLUSIVE};
    queue_in_state(wq_head, wq_entry, static_cast<unsigned>(state), "prepare_to_wait");
}

bool prepare_to_wait_exclusive(struct wait_queue_head* wq_head, struct wait_queue_entry* wq_entry,
                               int state) {
    KLOOM_API();
    step_on_queue(wq_head, "prepare_to_wait_exclusive");
    note_object(wq_entry, sizeof *wq_entry, "prepare_to_wait_exclusive");
    wq_entry->flags |= WQ_FLAG_EXCLUSIVE;
    return queue_in_state(wq_head, wq_entry, static_cast<unsigned>(state),
                          "prepare_to_wait_exclusive");
}

long prepare_to_wait_event(struct wait_queue_head* wq_head, struct wait_queue_entry* wq_entry,
                           int state) {
    KLOOM_API();
    step_on_queue(wq_head, "prepare_to_wait_event");
    return prepare_unless_signalled(wq_head, wq_entry, static_cast<unsigned>(state),
                                    "prepare_to_wait_event");
}

void init_wait_entry(struct wait_queue_entry* wq_entry, int flags) {
    KLOOM_API();
    note_object(wq_entry, sizeof *wq_entry, "init_wait_entry");
    initialise_entry(wq_entry, flags);
}

void finish_wait(struct wait_queue_head* wq_head, struct wait_queue_entry* wq_entry) {
    KLOOM_API();
    note_object(wq_entry, sizeof *wq_entry, "finish_wait");
    stop_waiting(wq_head, wq_entry, "finish_wait");
    emit_acquire(wq_head);
}

int waitqueue_active(struct wait_queue_head* wq_head) {
    KLOOM_API();
    step_read(wq_head);
    note_object(wq_head, sizeof *wq_head, "waitqueue_active");
    return wq_head->head.next != &wq_head->head;
}

int __wake_up(struct wait_queue_head* wq_head, unsigned int mode, int nr_exclusive, void* key) {
    KLOOM_API();
    return nr_exclusive - wake_unlocked(wq_head, mode, nr_exclusive, key);
}

void __wake_up_sync(struct wait_queue_head* wq_head, unsigned int mode) {
    KLOOM_API();
    wake_unlocked(wq_head, mode, 1, nullptr, kWakeSync);
}

void __wake_up_sync_key(struct wait_queue_head* wq_head, unsigned int mode, void* key) {
    KLOOM_API();
    wake_unlocked(wq_head, mode, 1, key, kWakeSync);
}

void __wake_up_locked(struct wait_queue_head* wq_head, unsigned int mode, int nr_exclusive) {
    KLOOM_API();
    wake_locked(wq_head, mode, nr_exclusive, nullptr);
}

void __wake_up_locked_key(struct wait_queue_head* wq_head, unsigned int mode, void* key) {
    KLOOM_API();
    wake_locked(wq_head, mode, 1, key);
}

// The walk itself never comes through these three: only wake functions of a module, which have made
// steps, call them.
int default_wake_function(struct wait_queue_entry* wq_entry, unsigned int mode, int, void*) {
    KLOOM_API();
    machine().step_global(0);
    note_object(wq_entry, sizeof *wq_entry, "default_wake_function");
    return wake_entry(wq_entry, mode);
}

int autoremove_wake_function(struct wait_queue_entry* wq_entry, unsigned int mode, int, void*) {
    KLOOM_API();
    machine().step_global(0);
    note_object(wq_entry, sizeof *wq_entry, "autoremove_wake_function");
    return wake_and_remove_entry(wq_entry, mode);
}

int woken_wake_function(struct wait_queue_entry* wq_entry, unsigned int mode, int, void*) {
    KLOOM_API();
    machine().step_global(0);
    note_object(wq_entry, sizeof *wq_entry, "woken_wake_function");
    return wake_and_mark_entry(wq_entry, mode);
}

long wait_woken(struct wait_queue_entry* wq_entry, unsigned int mode, long timeout) {
    KLOOM_API();
    kloom_set_current_state(mode);
    note_object(wq_entry, sizeof *wq_entry, "wait_woken");
    const bool must_stop = current_record().is_kthread && kthread_should_stop();
    if ((wq_entry->flags & WQ_FLAG_WOKEN) == 0 && !must_stop) timeout = schedule_timeout(timeout);
    current_record().task->__state = TASK_RUNNING;
    machine().step_object(OperationKind::Sync, wq_entry, 0);
    wq_entry->flags &= ~unsigned{WQ_FLAG_WOKEN};
    return timeout;
}

struct wait_queue_head* bit_waitqueue(void* word, int bit) {
    return kernel().wait_queues->queue_of(word, bit);
}
struct wait_queue_head* __var_waitqueue(void* p) {
    return kernel().wait_queues->queue_of(p, 0);
}

}  // extern "C"
