/*
 * The address spaces of tasks, and what tasks say about the memory they allocate.
 */
#pragma once

#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/mm_types.h>
#include <linux/sched.h>

KLOOM_BEGIN_DECLS
/* A reference to the task's address space; NULL for a kthread. Context: any. */
extern struct mm_struct *get_task_mm(struct task_struct *task);
extern void mmput(struct mm_struct *mm);
/*
 * Between them memory is being reclaimed by file systems, when the flags say so: an allocation that
 * would do the same has to wait for itself, and that is a finding. Context: any.
 */
extern void fs_reclaim_acquire(gfp_t gfp_mask);
extern void fs_reclaim_release(gfp_t gfp_mask);
KLOOM_END_DECLS

/* What is left of the flags in the current task's scopes. */
static __always_inline gfp_t current_gfp_context(gfp_t flags)
{
	if (get_current()->flags & PF_MEMALLOC_NOIO)
		flags &= ~(__GFP_IO | __GFP_FS);
	else if (get_current()->flags & PF_MEMALLOC_NOFS)
		flags &= ~__GFP_FS;
	return flags;
}

/* Says that an allocation with these flags may happen here. Context: as the flags demand. */
static __always_inline void might_alloc(gfp_t gfp_mask)
{
	fs_reclaim_acquire(gfp_mask);
	fs_reclaim_release(gfp_mask);
	might_sleep_if(gfpflags_allow_blocking(gfp_mask));
}

/*
 * Scopes of the current task in which allocations start no input or output, call no file system, or
 * use the reserves without reclaiming. A save returns what its restore takes. Context: task.
 */
static __always_inline unsigned int kloom_memalloc_save(unsigned int flag)
{
	unsigned int flags = get_current()->flags & flag;

	get_current()->flags |= flag;
	return flags;
}

static __always_inline void kloom_memalloc_restore(unsigned int flag, unsigned int flags)
{
	get_current()->flags = (get_current()->flags & ~flag) | flags;
}

#define memalloc_noio_save()		  kloom_memalloc_save(PF_MEMALLOC_NOIO)
#define memalloc_noio_restore(flags)	  kloom_memalloc_restore(PF_MEMALLOC_NOIO, flags)
#define memalloc_nofs_save()		  kloom_memalloc_save(PF_MEMALLOC_NOFS)
#define memalloc_nofs_restore(flags)	  kloom_memalloc_restore(PF_MEMALLOC_NOFS, flags)
#define memalloc_noreclaim_save()	  kloom_memalloc_save(PF_MEMALLOC)
#define memalloc_noreclaim_restore(flags) kloom_memalloc_restore(PF_MEMALLOC, flags)
