/* Setting up an operating system, and the audit of what it has. */
#include "os.h"

#include "organisation.h"
#include "page_pool.h"
#include "run_queue.h"

static u32 instances(const struct os *os, enum os_share share)
{
	return share == OS_ONE ? 1 : os->config.cpus;
}

struct os_run_queue *os_queue_of(struct os *os, u32 cpu)
{
	return per_cpu_ptr(os->queues, os->organisation->queues == OS_ONE ? 0 : cpu);
}

struct os_page_pool *os_pool_of(struct os *os, u32 cpu)
{
	return per_cpu_ptr(os->pools, os->organisation->pools == OS_ONE ? 0 : cpu);
}

struct os_buffer_cache *os_cache_of(struct os *os, u32 cpu, u32 block)
{
	switch (os->organisation->caches) {
	case OS_EACH_CPU:
		return per_cpu_ptr(os->caches, cpu);
	case OS_BY_BLOCK:
		return per_cpu_ptr(os->caches, block % os->config.cpus);
	default:
		return per_cpu_ptr(os->caches, 0);
	}
}

s32 os_next_in_mask(const struct os *os, const unsigned long *mask, u32 from)
{
	const u32 words = (os->config.cpus + 63) / 64;
	u32 i;

	/* The word that `from` is in comes first with its upper part and last with all of it. */
	for (i = 0; i <= words; ++i) {
		const u32 at = (from / 64 + i) % words;
		const unsigned long word = READ_ONCE(mask[at]) & (i ? ~0ul : ~0ul << (from % 64));

		if (word)
			return (s32)(at * 64 + (u32)__builtin_ctzl(word));
	}
	return OS_NOWHERE;
}

static void start_queues(struct os *os)
{
	u32 i;

	for (i = 0; i < instances(os, os->organisation->queues); ++i)
		os_lock_init(&per_cpu_ptr(os->queues, i)->lock, OS_SCHEDULER);
}

static void start_pools(struct os *os)
{
	const u32 pools = instances(os, os->organisation->pools);
	const u32 frames = os->config.frames_per_cpu * os->config.cpus / pools;
	u32 i;

	for (i = 0; i < pools; ++i) {
		os_lock_init(&per_cpu_ptr(os->pools, i)->lock, OS_MEMORY);
		os_page_pool_start(per_cpu_ptr(os->pools, i), &os->frames[i * frames], frames);
		if (frames)
			set_bit(i, os->has_frames);
	}
}

static void start_caches(struct os *os)
{
	const u32 caches = instances(os, os->organisation->caches);
	const u32 buffers = os->config.buffers_per_cpu * os->config.cpus / caches;
	u32 i;

	for (i = 0; i < caches; ++i) {
		struct os_buffer_cache *cache = per_cpu_ptr(os->caches, i);

		os_lock_init(&cache->lock, OS_FILES);
		cache->sets = buffers / OS_CACHE_WAYS;
		cache->buffers = &os->buffers[i * buffers];
	}
}

static void start_processes(struct os *os)
{
	u32 pid;

	for (pid = 0; pid < os->config.processes; ++pid) {
		struct os_process *p = &os->processes[pid];

		p->pid = pid;
		p->cpu = OS_NOWHERE;
		p->home = os_home_of(pid, os->config.cpus);
		if (os_next_round(p) == OS_ENDS) {
			p->state = OS_ENDED;
			continue;
		}
		os_note_ready(p);
		os_run_queue_push(os, os_queue_of(os, p->home), p);
		if (os->organisation->queues == OS_EACH_CPU)
			set_bit(p->home, os->has_ready);
	}
}

void os_start(struct os *os, const struct os_organisation *organisation, const struct os_config *config)
{
	os->config = *config;
	os->organisation = organisation;
	os_provide(os);
	os_lock_init(&os->big_lock, OS_WHOLE_KERNEL);
	start_queues(os);
	start_pools(os);
	start_caches(os);
	start_processes(os);
	if (organisation->start)
		organisation->start(os);
}

/* What is in a queue is ready and in no other; returns how many there are. */
static u32 audit_fifo(const struct os_fifo *fifo, u32 limit)
{
	const struct os_process *p;
	u32 count = 0;

	for (p = fifo->head; p && count <= limit; p = p->next)
		count += p->state == OS_READY && p->cpu == OS_NOWHERE;
	return count;
}

static const char *audit_processes(struct os *os)
{
	u32 queued = 0, ready = 0, running = 0, on_cpus = 0, i;

	for (i = 0; i < os->config.processes; ++i) {
		ready += os->processes[i].state == OS_READY;
		running += os->processes[i].state == OS_RUNNING;
	}
	for (i = 0; i < os->config.cpus; ++i) {
		const struct os_cpu *cpu = per_cpu_ptr(os->cpus, i);

		on_cpus += cpu->running != NULL;
		if (cpu->running && cpu->running->cpu != (s32)i)
			return "a process runs on two CPUs";
	}
	for (i = 0; i < instances(os, os->organisation->queues); ++i) {
		const struct os_run_queue *queue = per_cpu_ptr(os->queues, i);

		queued += audit_fifo(&queue->first, ready) + audit_fifo(&queue->others, ready);
	}
	queued += audit_fifo(&os->calls, ready);
	queued += audit_fifo(&(struct os_fifo){.head = os->sent}, ready);
	if (running != on_cpus)
		return "a process runs nowhere, or a CPU runs what does not run";
	return queued == ready ? NULL : "a ready process is in no queue, or in two";
}

static const char *audit_frames(struct os *os)
{
	const u32 frames = os->config.frames_per_cpu * os->config.cpus;
	const struct os_frame *frame;
	u32 free = 0, owned = 0, listed = 0, i;

	for (i = 0; i < instances(os, os->organisation->pools); ++i) {
		const struct os_page_pool *pool = per_cpu_ptr(os->pools, i);
		u32 count = (u32)(pool->fresh_end - pool->fresh);

		for (frame = pool->free; frame && count <= frames; frame = frame->next)
			count += !frame->owner;
		if (count != pool->count)
			return "a pool does not have the frames that it counts";
		free += count;
	}
	for (i = 0; i < os->config.cpus; ++i)
		for (frame = per_cpu_ptr(os->cpus, i)->stolen; frame && free <= frames; frame = frame->next)
			free += !frame->owner;
	for (i = 0; i < os->config.processes; ++i) {
		const struct os_process *p = &os->processes[i];
		u32 count = 0;

		for (frame = p->frames; frame && count <= frames; frame = frame->next)
			count += frame->owner == p;
		if (count != p->frame_count)
			return "a process does not have the frames that it counts";
		listed += count;
	}
	for (i = 0; i < frames; ++i)
		owned += os->frames[i].owner != NULL;
	return owned == listed && owned + free == frames ? NULL : "a frame is lost, or there twice";
}

static const char *audit_buffers(struct os *os)
{
	u32 i, at, way, other;

	for (i = 0; i < instances(os, os->organisation->caches); ++i) {
		const struct os_buffer_cache *cache = per_cpu_ptr(os->caches, i);

		for (at = 0; at < cache->sets * OS_CACHE_WAYS; at += OS_CACHE_WAYS)
			for (way = 0; way < OS_CACHE_WAYS; ++way)
				for (other = 0; other < way; ++other)
					if (cache->buffers[at + way].is_used && cache->buffers[at + other].is_used &&
					    cache->buffers[at + way].block == cache->buffers[at + other].block)
						return "a cache has a block twice";
	}
	return NULL;
}

const char *os_audit(struct os *os)
{
	const char *complaint = audit_processes(os);

	if (!complaint)
		complaint = audit_frames(os);
	return complaint ? complaint : audit_buffers(os);
}
