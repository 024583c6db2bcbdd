#include "kernel/sched/task_block.hpp"

#include <algorithm>
#include <cstring>

#include "base/check.hpp"
#include "kernel/kernel.hpp"
#include "kernel/mm/slab.hpp"

#include <linux/cred.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>

struct task_struct init_task;
DEFINE_RWLOCK(tasklist_lock);

namespace kloom::kernel {

namespace {

constexpr size_t kAddressSpaceBytes = 4096;

// What a task and its signals need, as one object.
struct TaskMemory {
    task_struct task;
    signal_struct signals;
    sighand_struct handlers;
};

alignas(64) unsigned char g_address_space[kAddressSpaceBytes];
signal_struct g_init_signals;
sighand_struct g_init_handlers;

template <class T>
T& new_object(const char* function) {
    void* object = kernel().slab->allocate_internal(sizeof(T), function);
    CHECK(object != nullptr, "no memory for a %s", function);
    return *static_cast<T*>(object);
}

void init_signals(signal_struct& signals, sighand_struct& handlers, task_struct& task) {
    task.signal = &signals;
    task.sighand = &handlers;
    signals.nr_threads = 1;
    signals.live.counter = 1;
    signals.sigcnt.refs.counter = handlers.count.refs.counter = 1;
    INIT_LIST_HEAD(&signals.thread_head);
    INIT_LIST_HEAD(&signals.shared_pending.list);
    list_add_tail(&task.thread_node, &signals.thread_head);
}

}  // namespace

task_struct* new_task_struct() {
    auto& memory = new_object<TaskMemory>("task_struct");
    init_signals(memory.signals, memory.handlers, memory.task);
    return &memory.task;
}

void free_task_struct(task_struct* task) { kernel().slab->release_internal(task); }

::pid* new_identity(int32_t pid) {
    auto& identity = new_object<::pid>("pid");
    identity.count.refs.counter = 1;
    identity.nr = pid;
    return &identity;
}

void init_task_struct(task_struct& task, std::string_view name, int32_t pid, unsigned number) {
    if (&task == &init_task) {
        std::memset(static_cast<void*>(&task), 0, sizeof task);
        init_signals(g_init_signals, g_init_handlers, task);
    }
    name.substr(0, TASK_COMM_LEN - 1).copy(task.comm, TASK_COMM_LEN - 1);
    task.kloom_index = number;
    task.usage.refs.counter = 1;
    task.pid = task.tgid = pid;
    task.prio = task.static_prio = task.normal_prio = DEFAULT_PRIO;
    task.policy = SCHED_NORMAL;
    task.cpus_ptr = &task.cpus_mask;
    task.group_leader = &task;
    task.exit_signal = 17;  // SIGCHLD: a process of its own
    task.real_cred = task.cred = &root_credentials();
    task.start_time = task.start_boottime = machine().now();
    task.cpu = task.thread_info.cpu = machine().is_running() ? machine().cpu().value : 0;
    for (list_head* list : {&task.children, &task.sibling, &task.tasks, &task.thread_group, &task.pending.list})
        INIT_LIST_HEAD(list);
}

mm_struct* user_address_space() { return reinterpret_cast<mm_struct*>(g_address_space); }

bool is_task_list_locked() { return tasklist_lock.owner != 0 || tasklist_lock.readers != 0; }

void reset_task_list_lock() {
    tasklist_lock.owner = 0;
    tasklist_lock.readers = 0;
}

void add_task_regions(trace::MemoryMap& memory) {
    const auto add = [&memory](const auto& object) {
        const auto begin = reinterpret_cast<uintptr_t>(&object);
        memory.add_region(trace::Region::Kernel, begin, begin + sizeof object);
    };
    add(init_task);
    add(tasklist_lock);
    add(g_address_space);
    add(g_init_signals);
    add(g_init_handlers);
    add(root_credentials());
}

}  // namespace kloom::kernel
