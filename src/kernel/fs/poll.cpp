// Waiting for files: poll(2) through the wait queues that drivers name, and SIGIO through their
// lists of listeners.
#include <algorithm>

#include "kernel/fs/files.hpp"
#include "kernel/fs/module_call.hpp"
#include "kernel/fs/objects.hpp"
#include "kernel/fs/vfs.hpp"
#include "kernel/module_access.hpp"
#include "kernel/sched/tasks.hpp"

#include <linux/err.h>
#include <linux/fs.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/wait.h>

namespace kloom::kernel {

namespace {

constexpr int kQueuesMax = 8;  // wait queues that one driver names

// One poll(2): the entries that hang in the driver's wait queues. Lent memory, since the module's
// queues point to it.
struct PollWait {
    struct poll_table_struct table;
    TaskRecord* task;
    bool is_triggered;
    int count;
    struct Entry {
        struct wait_queue_entry wait;
        struct wait_queue_head* queue;
        PollWait* owner;
    } entries[kQueuesMax];
};

// Whoever wakes the queue has stepped; no other step may come between, because the poller may
// leave.
int wake_poller(struct wait_queue_entry* wait, unsigned mode, int, void*) {
    PollWait& poll = *container_of(wait, PollWait::Entry, wait)->owner;
    poll.is_triggered = true;
    return kernel().tasks->wake(*poll.task, mode) ? 1 : 0;
}

void queue_poller(struct file*, struct wait_queue_head* queue, struct poll_table_struct* table) {
    PollWait& poll = *container_of(table, PollWait, table);
    if (poll.count == kQueuesMax) return;
    PollWait::Entry& entry = poll.entries[poll.count++];
    entry.queue = queue;
    entry.owner = &poll;
    init_waitqueue_func_entry(&entry.wait, wake_poller);
    entry.wait.kloom_private = poll.task->task;
    add_wait_queue(queue, &entry.wait);
}

void leave_queues(PollWait& poll) {
    for (int index = 0; index < poll.count; ++index)
        remove_wait_queue(poll.entries[index].queue, &poll.entries[index].wait);
}

}  // namespace

long FileTable::poll(struct file* file, uint32_t events, int64_t timeout_ns) {
    if (file->f_op->poll == nullptr) return static_cast<long>(DEFAULT_POLLMASK & events);
    const uint32_t wanted = events | EPOLLERR | EPOLLHUP;
    const VirtualTime deadline =
        timeout_ns > 0 ? machine().now() + static_cast<VirtualTime>(timeout_ns) : 0;
    auto* poll = lend_object<PollWait>("poll");
    init_poll_funcptr(&poll->table, timeout_ns == 0 ? nullptr : queue_poller);
    poll->table._key = wanted;
    TaskService& tasks = *kernel().tasks;
    poll->task = &tasks.current();
    long result = 0;
    bool has_time = timeout_ns != 0;
    while (true) {  // ends: with an event, a signal or the time
        result = static_cast<long>(call_operation("poll", file->f_op->poll, file, &poll->table) &
                                   wanted);
        poll->table._qproc = nullptr;
        if (result != 0 || !has_time) break;
        if (tasks.has_signal(tasks.current())) {
            result = -EINTR;
            break;
        }
        if (!poll->is_triggered) has_time = tasks.sleep(TASK_INTERRUPTIBLE, "poll", file, deadline);
        poll->is_triggered = false;
    }
    leave_queues(*poll);
    take_back(poll);
    return result;
}

long FileTable::set_fasync(struct file* file, bool on) {
    if (file->f_op->fasync == nullptr) return -ENOTTY;
    TaskRecord& task = kernel().tasks->current();
    file->f_owner.pid = task.identity;
    file->f_owner.pid_type = PIDTYPE_TGID;
    return call_operation("fasync", file->f_op->fasync, 0, file, on ? 1 : 0);
}

}  // namespace kloom::kernel

using namespace kloom::kernel;

namespace {

// The head of a list of listeners, which the kernel protects with a lock of its own.
void note_list_head(struct fasync_struct** head) {
    machine().access(reinterpret_cast<uintptr_t>(head), sizeof *head,
                     kloom::trace::kRead | kloom::trace::kWrite | kloom::trace::kAtomic |
                         kloom::trace::kByKernel,
                     machine().current().call_pc);
}

}  // namespace

extern "C" {

int fasync_helper(int fd, struct file* filp, int on, struct fasync_struct** fapp) {
    KLOOM_API();
    emit_might_sleep("fasync_helper", false);
    note_object(filp, sizeof *filp, "fasync_helper");
    machine().step_global(0);
    note_list_head(fapp);
    struct fasync_struct** place = fapp;
    while (*place != nullptr && (*place)->fa_file != filp) place = &(*place)->fa_next;
    if (on == 0) {
        filp->f_flags &= ~static_cast<unsigned>(FASYNC);
        if (*place == nullptr) return 0;
        struct fasync_struct* entry = *place;
        *place = entry->fa_next;
        take_back(entry);
        return 1;
    }
    filp->f_flags |= FASYNC;
    if (*place != nullptr) {
        (*place)->fa_fd = fd;
        return 0;
    }
    auto* entry = lend_object<struct fasync_struct>("fasync_helper");
    entry->fa_fd = fd;
    entry->fa_file = filp;
    entry->fa_next = *fapp;
    *fapp = entry;
    return 1;
}

void kill_fasync(struct fasync_struct** fp, int sig, int) {
    KLOOM_API();
    machine().step_global(0);
    note_list_head(fp);
    for (struct fasync_struct* entry = *fp; entry != nullptr; entry = entry->fa_next) {
        note_object(entry, sizeof *entry, "kill_fasync");
        const struct fown_struct& owner = entry->fa_file->f_owner;
        if (owner.pid == nullptr || (sig == SIGURG && owner.signum == 0)) continue;
        TaskRecord* task = kernel().tasks->find_pid(owner.pid->nr);
        if (task != nullptr)
            kernel().tasks->send_signal(*task, owner.signum != 0 ? owner.signum : sig);
    }
}

}  // extern "C"
