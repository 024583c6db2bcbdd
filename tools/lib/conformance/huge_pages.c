/*
 * Preloaded into gcc: its memory comes in pages of 2 MB.
 *
 * gcc maps a precompiled header and then writes into nearly all of its 27 MB. Each first write of a page is a fault that
 * copies it and tells every processor; on a virtual computer, compilers that run side by side wait for one another there
 * until nothing is won by the header. Read into huge pages, it is ready after a few faults. Everything else is as it was.
 */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define WORTH_IT (1 << 20)

static void *map(void *place, size_t size, int protection, int flags, int file, off_t offset)
{
	return (void *)syscall(SYS_mmap, place, size, protection, flags, file, offset);
}

void *mmap(void *place, size_t size, int protection, int flags, int file, off_t offset)
{
	int is_worth_it = size >= WORTH_IT && (protection & PROT_WRITE) && (flags & MAP_PRIVATE);
	int reads_file = is_worth_it && !(flags & (MAP_ANONYMOUS | MAP_FIXED));
	void *got = reads_file ? map(place, size, protection, flags | MAP_ANONYMOUS, -1, 0) : map(place, size, protection, flags, file, offset);

	if (got == MAP_FAILED || !is_worth_it)
		return got;
	madvise(got, size, MADV_HUGEPAGE);
	for (size_t done = 0; reads_file && done < size;) { /* ends: done grows, or the file has ended */
		ssize_t count = pread(file, (char *)got + done, size - done, offset + done);

		if (count < 0)
			return map(got, size, protection, flags | MAP_FIXED, file, offset);
		if (count == 0)
			break;
		done += count;
	}
	return got;
}
