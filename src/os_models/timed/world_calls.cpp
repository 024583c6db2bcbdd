// The functions of os/world_timed.h: the operating system's code calls them, the current world answers.
#include <cstdarg>
#include <cstdio>

#include "base/check.hpp"
#include "os_models/timed/world.hpp"

using kloom::os_models::CpuTime;
using kloom::os_models::World;

extern "C" {

void os_provide(os* system) { World::current().provide(*system); }

void os_lock_init(struct os_lock* lock, os_region region) { lock->id = World::current().add_lock(region); }
void os_lock(struct os_lock* lock) { World::current().lock(lock->id); }
void os_unlock(struct os_lock* lock) { World::current().unlock(lock->id); }

u32 os_this_cpu() { return World::current().this_cpu(); }
u64 os_now() { return World::current().now_ns(); }
void os_work(u64 ns) { World::current().work(ns); }
u64 os_work_interruptibly(u64 ns) { return World::current().run_until_kicked(ns, CpuTime::System); }
u64 os_compute(u64 ns) { return World::current().run_until_kicked(ns, CpuTime::User); }
void os_kick(u32 cpu) { World::current().kick(cpu); }

bool os_idle() {
    World::current().idle();
    return true;
}

bool os_disk_read(os_process* process) { return World::current().read_disk(*process); }
void os_disk_write() { World::current().write_disk(); }
void os_start_timer(os_process* process) { World::current().start_timer(*process); }
os_process* os_completed() { return World::current().completed(); }
os_next os_next_round(os_process* process) { return World::current().next_round(*process); }
u32 os_home_of(u32 pid, u32 cpus) { return World::current().home_of(pid, cpus); }

void os_note_ready(os_process* process) { World::current().note_ready(*process); }
void os_note_dispatched(os_process* process) { World::current().note_dispatched(*process); }
void os_note_round(os_process*) { World::current().note_round(); }
void os_note_sent(os_process* process) { World::current().note_sent(*process); }
void os_note_served(os_process* process) { World::current().note_served(*process); }
void os_note_free_pages(s32 change) { World::current().note_free_pages(change); }
void os_note_paging(u32 pages) { World::current().note_paging(pages); }
void os_note_read(u32 block, u32 version) { World::current().note_read(block, version); }
u32 os_note_write(u32 block) { return World::current().note_write(block); }
u32 os_disk_version(u32 block) { return World::current().disk_version(block); }
void os_note_written_back(u32 block, u32 version) { World::current().note_written_back(block, version); }

void os_panic(const char* format, ...) {
    char message[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof(message), format, arguments);
    va_end(arguments);
    CHECK(false, "%s", message);
    __builtin_unreachable();
}

}  // extern "C"
