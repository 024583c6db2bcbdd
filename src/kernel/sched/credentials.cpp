// Credentials. All tasks share root's until one commits a copy of its own.

#include "kernel/kernel.hpp"
#include "kernel/module_access.hpp"
#include "kernel/sched/task_block.hpp"
#include "kernel/sched/tasks.hpp"

#include <linux/cred.h>
#include <linux/sched.h>
#include <linux/slab.h>

struct user_namespace {
    int level;
};
struct user_namespace init_user_ns;

namespace kloom::kernel {

namespace {

// Nobody's reference count brings it to zero.
constexpr int kPermanent = 1 << 20;

::cred g_root_credentials;

}  // namespace

const ::cred& root_credentials() { return g_root_credentials; }

void reset_root_credentials() {
    g_root_credentials = {};
    g_root_credentials.usage.counter = kPermanent;
    g_root_credentials.user_ns = &init_user_ns;
}

}  // namespace kloom::kernel

using namespace kloom::kernel;

namespace {

// What a task owns is the kernel's, not memory that the module forgot.
void hand_to_kernel(const struct cred* cred) {
    if (auto* object = machine().memory().find_object(reinterpret_cast<uintptr_t>(cred))) object->is_internal = true;
}

struct cred* copy(const struct cred& from) {
    auto* made = static_cast<struct cred*>(kmalloc(sizeof(struct cred), GFP_KERNEL));
    if (made == nullptr) return nullptr;
    *made = from;
    made->usage.counter = 1;
    return made;
}

}  // namespace

extern "C" struct cred* prepare_creds(void) {
    KLOOM_API();
    return copy(*get_current()->cred);
}

extern "C" struct cred* prepare_kernel_cred(struct task_struct*) {
    KLOOM_API();
    return copy(root_credentials());
}

extern "C" int commit_creds(struct cred* cred) {
    KLOOM_API();
    machine().step_global(0);
    note_object(cred, sizeof *cred, "commit_creds");
    hand_to_kernel(cred);
    struct task_struct* task = get_current();
    const struct cred* old = task->cred;
    task->cred = task->real_cred = cred;
    put_cred(old);
    return 0;
}

extern "C" void abort_creds(struct cred* cred) {
    KLOOM_API();
    put_cred(cred);
}

extern "C" const struct cred* get_cred(const struct cred* cred) {
    KLOOM_API();
    if (cred == nullptr) return nullptr;
    note_object(cred, sizeof *cred, "get_cred");
    ++const_cast<struct cred*>(cred)->usage.counter;
    return cred;
}

extern "C" void put_cred(const struct cred* cred) {
    KLOOM_API();
    if (cred == nullptr) return;
    note_object(cred, sizeof *cred, "put_cred");
    if (--const_cast<struct cred*>(cred)->usage.counter == 0) kfree(cred);
}

extern "C" const struct cred* override_creds(const struct cred* cred) {
    KLOOM_API();
    struct task_struct* task = get_current();
    const struct cred* old = task->cred;
    task->cred = get_cred(cred);
    return old;
}

extern "C" void revert_creds(const struct cred* old) {
    KLOOM_API();
    struct task_struct* task = get_current();
    const struct cred* overriding = task->cred;
    task->cred = old;
    put_cred(overriding);
}
