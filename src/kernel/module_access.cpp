#include "kernel/module_access.hpp"

#include <algorithm>
#include <cstring>

#include "kernel/kernel.hpp"

namespace kloom::kernel {
namespace {

// One event says at most so much; a long copy can be seen torn at these borders.
constexpr size_t kChunk = 4096;

// A string is measured in pieces of this size: memory is valid or not in units that are no smaller.
constexpr size_t kStringPiece = 16;

bool is_executing() { return machine::machine_or_null() != nullptr && machine().is_running(); }

uintptr_t address_of(const void* pointer) { return reinterpret_cast<uintptr_t>(pointer); }

void note_access(const void* pointer, size_t size, uint16_t flags) {
    if (!is_executing()) return;
    const uintptr_t pc = machine().current().call_pc;
    for (size_t done = 0; done < size; done += kChunk) {
        const auto bytes = static_cast<uint32_t>(std::min(size - done, kChunk));
        machine().access(address_of(pointer) + done, bytes, flags | trace::kByKernel, pc);
    }
}

// Bytes from `address` on that may be read without asking again; at least 1 when the first one may be read.
size_t readable_bytes(uintptr_t address) {
    const trace::MemoryMap& memory = machine().memory();
    const size_t piece = kStringPiece - address % kStringPiece;
    if (memory.is_accessible(address, piece)) return piece;
    size_t bytes = 0;
    while (bytes < piece && memory.is_accessible(address + bytes, 1)) ++bytes;
    return bytes;
}

// The place of the terminating zero, or of the first byte that must not be read, or `size_max`.
size_t scan_string(const char* string, size_t size_max) {
    for (size_t length = 0; length < size_max;) {  // ends: module memory is finite
        const size_t end = std::min(size_max, length + readable_bytes(address_of(string) + length));
        if (end == length) return length;
        for (; length < end; ++length)
            if (string[length] == '\0') return length;
    }
    return size_max;
}

// Constants of the module and the kernel: nobody writes them, so reading them is no event.
bool is_constant(const void* pointer) {
    const trace::Region region = machine().memory().classify(address_of(pointer)).region;
    return region == trace::Region::ModuleReadOnly || region == trace::Region::Kernel;
}

}  // namespace

void enter_api(uintptr_t return_address) {
    if (!is_executing()) return;
    if (kernel().module.contains_text(return_address)) machine().current().call_pc = return_address - 1;
}

void note_read(const void* address, size_t size) { note_access(address, size, trace::kRead); }
void note_write(const void* address, size_t size) { note_access(address, size, trace::kWrite); }

void note_object(const void* object, size_t size, const char* function) {
    machine().emit({.kind = trace::EventKind::ObjectUse,
                    .size = static_cast<uint32_t>(size),
                    .address = address_of(object),
                    .text = function});
}

size_t module_strlen(const char* string) { return module_strnlen(string, SIZE_MAX - 1); }

size_t module_strnlen(const char* string, size_t size_max) {
    if (!is_executing()) return strnlen(string, size_max);
    const size_t length = scan_string(string, size_max);
    if (!is_constant(string)) note_read(string, std::min(length + 1, size_max));
    return length;
}

}  // namespace kloom::kernel
