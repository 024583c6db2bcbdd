// The loop of wait_event() and its relatives, seen from the kernel's side. linux/wait.h has the
// other half: it evaluates the condition, and lets go of a lock around the sleep where the variant
// says so.
//
//   begin -> evaluate -> check --- true ------------------------------------------> done
//                         | false: queue, set the state, evaluate again -> check -- true --> leave
//                         the queue, done |                                                 | false
//                         +---------- queue again <- (lock) <- sleep <- (unlock) <-+

#include "kernel/irq/waiters.hpp"
#include "kernel/module_access.hpp"
#include "kernel/sched/tasks.hpp"
#include "kernel/sync/locks.hpp"
#include "kernel/sync/wait_queues.hpp"
#include "kernel/ticks.hpp"

#include <linux/sched.h>
#include <linux/wait.h>

using namespace kloom::kernel;

namespace {

constexpr long kForEver = MAX_SCHEDULE_TIMEOUT;

void prepare(struct kloom_wait* wait) {
    wait->is_prepared = true;
    wait->is_signalled = queue_for_event(wait->head, &wait->entry, wait->state) != 0;
}

void start_clock(struct kloom_wait* wait) {
    if (wait->limit == KLOOM_WAIT_NO_LIMIT || wait->result == kForEver) return;
    wait->deadline = wait->limit == KLOOM_WAIT_TICKS
                         ? deadline_in_ticks(static_cast<unsigned long>(wait->result))
                         : machine().now() + static_cast<VirtualTime>(wait->result) + 1;
}

// What the macro returns when the condition has come true.
long result_of_success(const struct kloom_wait* wait) {
    if (wait->limit != KLOOM_WAIT_TICKS) return 0;
    const long left = wait->deadline == 0 ? wait->result : ticks_until(wait->deadline);
    return left != 0 ? left : 1;  // a negative limit comes back as it was given
}

int finish(struct kloom_wait* wait, long result) {
    if (wait->is_prepared) finish_wait(wait->head, &wait->entry);
    wait->result = result;
    emit_acquire(wait->head);
    return KLOOM_WAIT_DONE;
}

}  // namespace

extern "C" {

void kloom_condition_begin() {
    ++machine().current().condition_depth;
}

void kloom_condition_end() {
    if (machine().current().condition_depth != 0) --machine().current().condition_depth;
}

void kloom_wait_begin(struct kloom_wait* wait, struct wait_queue_head* head, unsigned int state,
                      int flags, int limit, long timeout) {
    KLOOM_API();
    require_memory(head, sizeof *head, "wait_event");
    if ((flags & KLOOM_WAIT_QUIET) == 0) begin_sleeping_function("wait_event");
    *wait = {};
    wait->head = head;
    wait->state = state;
    wait->limit = limit;
    wait->result = timeout;
    init_wait_entry(&wait->entry, flags & WQ_FLAG_EXCLUSIVE);
}

int kloom_wait_check(struct kloom_wait* wait, int condition) {
    KLOOM_API();
    if (condition) return finish(wait, result_of_success(wait));
    if (!wait->is_prepared) {
        if (wait->limit == KLOOM_WAIT_TICKS && wait->result == 0) return finish(wait, 0);
        start_clock(wait);
        prepare(wait);
        return KLOOM_WAIT_EVALUATE;
    }
    if (wait->is_signalled) return finish(wait, -ERESTARTSYS);
    if (wait->is_timed_out) return finish(wait, wait->limit == KLOOM_WAIT_TICKS ? 0 : -ETIME);
    return KLOOM_WAIT_SLEEP;
}

void kloom_wait_sleep(struct kloom_wait* wait) {
    KLOOM_API();
    check_can_sleep();
    TaskService& tasks = *kernel().tasks;
    if (tasks.current().task->__state == TASK_RUNNING) return;  // woken since it queued
    wait->is_timed_out = !tasks.sleep(wait->state, "wait queue", wait->head, wait->deadline);
}

void kloom_wait_prepare(struct kloom_wait* wait) {
    KLOOM_API();
    if (!wait->is_timed_out) prepare(wait);
}

long kloom_wait_result(const struct kloom_wait* wait) {
    return wait->result;
}

}  // extern "C"
