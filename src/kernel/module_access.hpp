// How kernel services touch the memory of the code under test, and how they learn where they were called from.
//
// The services are not instrumented, so each of them says what it reads and writes on behalf of the module. Otherwise a
// race, a null pointer or an overrun that happens inside memcpy() or copy_from_user() would be missed.
#pragma once

#include <cstddef>
#include <cstdint>

namespace kloom::kernel {

// Records where the module called the running kernel function; what the function then emits carries that place. Calls from
// inside the kernel leave it alone. Use through KLOOM_API().
void enter_api(uintptr_t return_address);

// The service reads (writes) `size` bytes of module memory at `address` right after this call. May step.
void note_read(const void* address, size_t size);
void note_write(const void* address, size_t size);

// The service uses the object (lock, timer, list head ...) of `size` bytes at `object`: it must be live memory of the
// module or the kernel. `function` is a literal, the kernel function's name.
void note_object(const void* object, size_t size, const char* function);

// Length of a string in module memory, checked byte by byte against the memory map, then noted as read.
size_t module_strlen(const char* string);
size_t module_strnlen(const char* string, size_t size_max);

}  // namespace kloom::kernel

// First statement of every extern "C" function that modules call.
#define KLOOM_API() ::kloom::kernel::enter_api(reinterpret_cast<uintptr_t>(__builtin_return_address(0)))
