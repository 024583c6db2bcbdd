// Memory that the kernel lends to the module: inodes, open files, devices, the buffer of a
// seq_file.
//
// It comes from the same heap as the module's own memory, so that use after free and overruns are
// found there too, but it is the kernel's: it is not counted as a leak of the module.
#pragma once

#include <cstddef>

namespace kloom::kernel {

// Zeroed memory. `function` (static storage) is named in reports as what allocated it.
void* lend(size_t size_bytes, const char* function);
void take_back(const void* object);

template <class Type>
Type* lend_object(const char* function) {
    return static_cast<Type*>(lend(sizeof(Type), function));
}

// A copy of `text` in lent memory.
char* lend_text(const char* text, const char* function);

}  // namespace kloom::kernel
