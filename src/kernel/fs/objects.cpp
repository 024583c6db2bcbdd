#include "kernel/fs/objects.hpp"

#include <cstring>

#include "kernel/kernel.hpp"
#include "kernel/mm/slab.hpp"

namespace kloom::kernel {

void* lend(size_t size_bytes, const char* function) {
    void* object = kernel().slab->allocate_internal(size_bytes, function);
    if (object != nullptr) return object;
    emit_misuse("out-of-memory", trace::Severity::Error,
                "the kernel has no memory left for its own objects");
    machine().stop_execution();
}

void take_back(const void* object) {
    kernel().slab->release_internal(const_cast<void*>(object));
}

char* lend_text(const char* text, const char* function) {
    const size_t size = std::strlen(text) + 1;
    return static_cast<char*>(std::memcpy(lend(size, function), text, size));
}

}  // namespace kloom::kernel
