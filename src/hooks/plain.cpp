// Hooks of plain and volatile accesses: what `gcc -fsanitize=thread` (12 and newer) and clang (14 and newer) call in front
// of each load and store. Volatile ones are marked accesses, because READ_ONCE() and WRITE_ONCE() are volatile; the
// compilers tell them apart with tsan-distinguish-volatile=1.

#include <algorithm>

#include "hooks/note.hpp"

namespace kloom::hooks {
namespace {

using trace::kMarked;
using trace::kRead;
using trace::kWrite;

constexpr uintptr_t kRangeChunk = 4096;

void note_range(uintptr_t address, uintptr_t size, uint16_t flags, uintptr_t pc) {
    for (uintptr_t done = 0; done < size; done += kRangeChunk)
        note(address + done, static_cast<uint32_t>(std::min(size - done, kRangeChunk)), flags, pc);
}

// clang's compound access `x += 1`: two steps, so that another path can come between them.
void note_read_write(uintptr_t address, uint32_t size, uintptr_t pc) {
    note(address, size, kRead, pc);
    note(address, size, kWrite, pc);
}

}  // namespace
}  // namespace kloom::hooks

using kloom::hooks::address_of;
using kloom::hooks::note;
using kloom::hooks::note_range;
using kloom::hooks::note_read_write;
using namespace kloom::trace;

#define DEFINE_HOOK(name, size, flags) \
    void __tsan_##name(void* address) { note(address_of(address), size, flags, KLOOM_CALLER_PC); }

#define DEFINE_ALIGNED_HOOKS(size)                                 \
    DEFINE_HOOK(read##size, size, kRead)                           \
    DEFINE_HOOK(write##size, size, kWrite)                         \
    DEFINE_HOOK(volatile_read##size, size, kRead | kMarked)        \
    DEFINE_HOOK(volatile_write##size, size, kWrite | kMarked)      \
    void __tsan_read_write##size(void* address) {                  \
        note_read_write(address_of(address), size, KLOOM_CALLER_PC); \
    }

#define DEFINE_UNALIGNED_HOOKS(size)                                    \
    DEFINE_HOOK(unaligned_read##size, size, kRead)                      \
    DEFINE_HOOK(unaligned_write##size, size, kWrite)                    \
    DEFINE_HOOK(unaligned_volatile_read##size, size, kRead | kMarked)   \
    DEFINE_HOOK(unaligned_volatile_write##size, size, kWrite | kMarked) \
    void __tsan_unaligned_read_write##size(void* address) {             \
        note_read_write(address_of(address), size, KLOOM_CALLER_PC);    \
    }

extern "C" {

DEFINE_ALIGNED_HOOKS(1)
DEFINE_ALIGNED_HOOKS(2)
DEFINE_ALIGNED_HOOKS(4)
DEFINE_ALIGNED_HOOKS(8)
DEFINE_ALIGNED_HOOKS(16)
DEFINE_UNALIGNED_HOOKS(2)
DEFINE_UNALIGNED_HOOKS(4)
DEFINE_UNALIGNED_HOOKS(8)
DEFINE_UNALIGNED_HOOKS(16)

void __tsan_read_range(void* address, unsigned long size) {
    note_range(address_of(address), size, kRead, KLOOM_CALLER_PC);
}
void __tsan_write_range(void* address, unsigned long size) {
    note_range(address_of(address), size, kWrite, KLOOM_CALLER_PC);
}

// C++ virtual table pointers.
void __tsan_vptr_read(void** address) { note(address_of(address), sizeof(void*), kRead, KLOOM_CALLER_PC); }
void __tsan_vptr_update(void** address, void*) {
    note(address_of(address), sizeof(void*), kWrite, KLOOM_CALLER_PC);
}

// Frames are read from the stack itself when a report needs them.
void __tsan_init() {}
void __tsan_func_entry(void*) {}
void __tsan_func_exit() {}

}  // extern "C"
