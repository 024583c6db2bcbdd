#include "page_pool.h"

#include "organisation.h"

/* Frames that go from one pool to another at a time: enough that it is rare, few enough that the other has some left. */
#define STOLEN_FRAMES 16

void os_page_pool_add(struct os_page_pool *pool, struct os_frame *frame)
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

	if (!frame)
		return NULL;
	pool->free = frame->next;
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

/* Takes frames from the pool of some other CPU. They are nobody's until they are added to the own one. */
static struct os_frame *steal(struct os *os, u32 cpu)
{
	const s32 victim = os_next_in_mask(os, os->has_frames, cpu);
	struct os_frame *stolen = NULL, *frame;
	struct os_page_pool *pool;
	u32 i;

	if (victim == OS_NOWHERE || victim == (s32)cpu)
		return NULL;
	pool = os_pool_of(os, (u32)victim);
	os->organisation->enter(&pool->lock, OS_MEMORY);
	for (i = 0; i < STOLEN_FRAMES && (frame = take(pool)); ++i) {
		frame->next = stolen;
		stolen = frame;
	}
	if (!pool->free)
		clear_bit((u32)victim, os->has_frames);
	os->organisation->leave(&pool->lock, OS_MEMORY);
	return stolen;
}

static void add_all(struct os_page_pool *pool, struct os_frame *frames)
{
	while (frames) {
		struct os_frame *next = frames->next;

		os_page_pool_add(pool, frames);
		frames = next;
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
		os_page_pool_add(pool, frame);
	}
	while (p->frame_count < wanted) {
		frame = take(pool);
		if (!frame && organisation->steals) {
			struct os_frame *stolen;

			/* Two locks of pools are never held at once: two CPUs may steal from one another. */
			organisation->leave(&pool->lock, OS_MEMORY);
			stolen = steal(os, cpu);
			organisation->enter(&pool->lock, OS_MEMORY);
			add_all(pool, stolen);
			frame = take(pool);
		}
		if (!frame)
			break;
		give(p, frame);
	}
	if (organisation->steals) {
		if (pool->free)
			set_bit(cpu, os->has_frames);
		else
			clear_bit(cpu, os->has_frames);
	}
	organisation->leave(&pool->lock, OS_MEMORY);
	return wanted - p->frame_count;
}
