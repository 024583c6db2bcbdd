// Notifier chains with a lock of their own.
#include "kernel/fs/module_call.hpp"
#include "kernel/module_access.hpp"

#include <linux/notifier.h>
#include <linux/rcupdate.h>

using namespace kloom::kernel;

namespace {

int call_chain(struct notifier_block* block, unsigned long value, void* data) {
    int result = NOTIFY_DONE;
    while (block != nullptr) {
        note_object(block, sizeof *block, "notifier_call_chain");
        struct notifier_block* next = block->next;
        result = call_operation("notifier", block->notifier_call, block, value, data);
        if ((result & NOTIFY_STOP_MASK) != 0) break;
        block = next;
    }
    return result;
}

int add(struct notifier_block** head, struct notifier_block* block) {
    note_object(block, sizeof *block, "notifier_chain_register");
    struct notifier_block** place = head;
    for (; *place != nullptr; place = &(*place)->next) {
        note_object(*place, sizeof **place, "notifier_chain_register");
        if (*place == block) return -EEXIST;
        if (block->priority > (*place)->priority) break;
    }
    block->next = *place;
    *place = block;
    emit_release(head);
    return 0;
}

int remove(struct notifier_block** head, struct notifier_block* block) {
    for (struct notifier_block** place = head; *place != nullptr; place = &(*place)->next) {
        note_object(*place, sizeof **place, "notifier_chain_unregister");
        if (*place != block) continue;
        *place = block->next;
        return 0;
    }
    return -ENOENT;
}

}  // namespace

extern "C" {

int atomic_notifier_chain_register(struct atomic_notifier_head* nh, struct notifier_block* nb) {
    KLOOM_API();
    unsigned long flags;
    spin_lock_irqsave(&nh->lock, flags);
    const int error = add(&nh->head, nb);
    spin_unlock_irqrestore(&nh->lock, flags);
    return error;
}

int atomic_notifier_chain_unregister(struct atomic_notifier_head* nh, struct notifier_block* nb) {
    KLOOM_API();
    unsigned long flags;
    spin_lock_irqsave(&nh->lock, flags);
    const int error = remove(&nh->head, nb);
    spin_unlock_irqrestore(&nh->lock, flags);
    synchronize_rcu();
    return error;
}

int atomic_notifier_call_chain(struct atomic_notifier_head* nh, unsigned long val, void* v) {
    KLOOM_API();
    note_object(nh, sizeof *nh, "atomic_notifier_call_chain");
    rcu_read_lock();
    emit_acquire(&nh->head);
    const int result = call_chain(nh->head, val, v);
    rcu_read_unlock();
    return result;
}

int blocking_notifier_chain_register(struct blocking_notifier_head* nh, struct notifier_block* nb) {
    KLOOM_API();
    down_write(&nh->rwsem);
    const int error = add(&nh->head, nb);
    up_write(&nh->rwsem);
    return error;
}

int blocking_notifier_chain_unregister(struct blocking_notifier_head* nh,
                                       struct notifier_block* nb) {
    KLOOM_API();
    down_write(&nh->rwsem);
    const int error = remove(&nh->head, nb);
    up_write(&nh->rwsem);
    return error;
}

int blocking_notifier_call_chain(struct blocking_notifier_head* nh, unsigned long val, void* v) {
    KLOOM_API();
    down_read(&nh->rwsem);
    const int result = call_chain(nh->head, val, v);
    up_read(&nh->rwsem);
    return result;
}

}  // extern "C"
