#include "page_pool.h"

#include "organisation.h"

/* Frames that go from one pool to another at a time: enough that it is rare, few enough that the other has some left. */
#define STOLEN_FRAMES 16

void os_page_pool_start(struct os_page_pool *pool, struct os_frame *frames, u32 count)
{
	pool->fresh = frames;
	pool->fresh_end = frames + count;
	pool->count = count;
	os_note_free_pages((s32)count);
}

static void add(struct os_page_pool *pool, struct os_frame *frame)
{
	frame->owner = NULL;
	frame->next = pool->free;
	pool->free = frame;
	++pool->count;
	os_note_free_pages(1);
}

static struct os_frame *take(struct os_page_pool *pool)
{
	struct os_frame *frame = pool->free;

	if (frame)
		pool->free = frame->next;
	else if (pool->fresh != pool->fresh_end)
		frame = pool->fresh++;
	else
		return NULL;
	--pool->count;
	os_note_free_pages(-1);
	return frame;
}

static void give(struct os_process *p, struct os_frame *frame)
{
	OS_BUG_ON(frame->owner, "process %u claims a page frame that process %u has claimed already", p->pid,
		  frame->owner->pid);
	frame->owner = p;
	frame->next = p->frames;
	p->frames = frame;
	++p->frame_count;
}

static struct os_frame *take_some(struct os *os, u32 victim)
{
	struct os_page_pool *pool = os_pool_of(os, victim);
	struct os_frame *taken = NULL, *frame;
	u32 i;

	os->organisation->enter(&pool->lock, OS_MEMORY);
	for (i = 0; i < STOLEN_FRAMES && (frame = take(pool)); ++i) {
		frame->next = taken;
		taken = frame;
	}
	if (!pool->count)
		clear_bit(victim, os->has_frames);
	os->organisation->leave(&pool->lock, OS_MEMORY);
	return taken;
}

/*
 * Takes frames from the pool of another CPU. They are on the way until they are added to the own one. NULL when no pool
 * has any. Requires: this CPU's pool is empty and its lock is not held, for two CPUs may steal from one another.
 */
static struct os_frame *steal(struct os *os, u32 cpu)
{
	struct os_frame *stolen = NULL;
	s32 victim;

	while (!stolen && (victim = os_next_in_mask(os, os->has_frames, cpu)) != OS_NOWHERE)
		stolen = take_some(os, (u32)victim);
	return stolen;
}

static void add_stolen(struct os_page_pool *pool, struct os_cpu *cpu)
{
	while (cpu->stolen) {
		struct os_frame *frame = cpu->stolen;

		cpu->stolen = frame->next;
		add(pool, frame);
	}
}

u32 os_pages_set(struct os *os, struct os_process *p, u32 wanted, u64 work_ns)
{
	const struct os_organisation *organisation = os->organisation;
	const u32 cpu = os_this_cpu();
	struct os_page_pool *pool = os_pool_of(os, cpu);
	struct os_frame *frame;

	organisation->enter(&pool->lock, OS_MEMORY);
	os_work(work_ns);
	while (p->frame_count > wanted) {
		frame = p->frames;
		p->frames = frame->next;
		--p->frame_count;
		add(pool, frame);
	}
	while (p->frame_count < wanted) {
		frame = take(pool);
		if (!frame && organisation->steals) {
			struct os_cpu *thief = per_cpu_ptr(os->cpus, cpu);

			clear_bit(cpu, os->has_frames);
			organisation->leave(&pool->lock, OS_MEMORY);
			thief->stolen = steal(os, cpu);
			organisation->enter(&pool->lock, OS_MEMORY);
			add_stolen(pool, thief);
			frame = take(pool);
		}
		if (!frame)
			break;
		give(p, frame);
	}
	if (organisation->steals) {
		if (pool->count)
			set_bit(cpu, os->has_frames);
		else
			clear_bit(cpu, os->has_frames);
	}
	organisation->leave(&pool->lock, OS_MEMORY);
	return wanted - p->frame_count;
}
