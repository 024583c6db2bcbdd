#include "buffer_cache.h"

#include "organisation.h"

static struct os_buffer *set_of(const struct os_buffer_cache *cache, const struct os *os, u32 block)
{
	/* Where blocks choose their cache, those of one cache are `cpus` apart. */
	const u32 number = os->organisation->caches == OS_BY_BLOCK ? block / os->config.cpus : block;

	return &cache->buffers[number % cache->sets * OS_CACHE_WAYS];
}

static struct os_buffer *find(struct os_buffer *set, u32 block)
{
	u32 way;

	for (way = 0; way < OS_CACHE_WAYS; ++way)
		if (set[way].is_used && set[way].block == block)
			return &set[way];
	return NULL;
}

static struct os_buffer *oldest(struct os_buffer *set)
{
	struct os_buffer *buffer = set;
	u32 way;

	for (way = 0; way < OS_CACHE_WAYS; ++way) {
		if (!set[way].is_used)
			return &set[way];
		if ((s32)(set[way].used_at - buffer->used_at) < 0)
			buffer = &set[way];
	}
	return buffer;
}

static void use(struct os_buffer_cache *cache, struct os_buffer *buffer, enum os_file_access access)
{
	buffer->used_at = ++cache->clock;
	if (access == OS_WRITE_BLOCK) {
		buffer->version = os_note_write(buffer->block);
		buffer->is_dirty = true;
	} else {
		os_note_read(buffer->block, buffer->version);
	}
}

bool os_cache_access(struct os *os, const struct os_call *call, enum os_file_access access)
{
	struct os_buffer_cache *cache = os_cache_of(os, os_this_cpu(), call->block);
	struct os_buffer *buffer;

	os->organisation->enter(&cache->lock, OS_FILES);
	os_work(call->work_ns);
	buffer = find(set_of(cache, os, call->block), call->block);
	if (buffer)
		use(cache, buffer, access);
	os->organisation->leave(&cache->lock, OS_FILES);
	return buffer != NULL;
}

void os_cache_fill(struct os *os, const struct os_call *call, enum os_file_access access)
{
	struct os_buffer_cache *cache = os_cache_of(os, os_this_cpu(), call->block);
	struct os_buffer *set = set_of(cache, os, call->block);
	struct os_buffer *buffer;

	os->organisation->enter(&cache->lock, OS_FILES);
	/* While this process waited for the disk another may have read the same block. */
	buffer = find(set, call->block);
	if (!buffer) {
		buffer = oldest(set);
		if (buffer->is_used && buffer->is_dirty) {
			os_note_written_back(buffer->block, buffer->version);
			os_disk_write();
		}
		buffer->is_used = true;
		buffer->is_dirty = false;
		buffer->block = call->block;
		buffer->version = os_disk_version(call->block);
	}
	use(cache, buffer, access);
	os->organisation->leave(&cache->lock, OS_FILES);
}
