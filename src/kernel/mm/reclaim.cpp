// The annotation of direct reclaim. The machine never reclaims memory; that an allocation might is
// an annotated lock, which takes part in the rules about locks.

#include "kernel/module_access.hpp"
#include "kernel/sync/locks.hpp"

#include <linux/gfp.h>
#include <linux/lockdep.h>
#include <linux/sched/mm.h>

using namespace kloom::kernel;

namespace {

struct lockdep_map g_fs_reclaim = KLOOM_STATIC_LOCK_MAP(fs_reclaim);

LockIdentity fs_reclaim() {
    return {&g_fs_reclaim, &g_fs_reclaim, kloom::trace::kLockSleeps};
}

// Whether an allocation with the flags, by the current task, may call file systems.
bool reclaims_files(gfp_t flags) {
    const gfp_t allowed = current_gfp_context(flags);
    return (allowed & __GFP_DIRECT_RECLAIM) != 0 && (allowed & __GFP_FS) != 0 &&
           (get_current()->flags & PF_MEMALLOC) == 0;
}

}  // namespace

extern "C" {

void fs_reclaim_acquire(gfp_t gfp_mask) {
    KLOOM_API();
    if (!reclaims_files(gfp_mask)) return;
    emit_lock_request(fs_reclaim(), 0);
    emit_lock_acquire(fs_reclaim(), 0);
}

void fs_reclaim_release(gfp_t gfp_mask) {
    KLOOM_API();
    if (reclaims_files(gfp_mask)) emit_lock_release(fs_reclaim(), machine().current().id);
}

}  // extern "C"
