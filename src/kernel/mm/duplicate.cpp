// Copies of text and memory in memory of their own, which the module frees with kfree(). See include/kernel/linux/string.h and
// sprintf.h.

#include <cstdarg>
#include <cstring>

#include "kernel/mm/slab.hpp"
#include "kernel/module_access.hpp"

#include <linux/slab.h>
#include <linux/sprintf.h>
#include <linux/string.h>

namespace kloom::kernel {
namespace {

// `length` bytes of `source`, and a terminating zero when `extra` is 1.
char* duplicate(const char* function, const void* source, size_t length, size_t extra, gfp_t gfp) {
    auto* copy = static_cast<char*>(kmalloc_for(function, length + extra, gfp));
    if (ZERO_OR_NULL_PTR(copy)) return copy;
    note_read(source, length);
    std::memcpy(copy, source, length);
    if (extra != 0) copy[length] = '\0';
    return copy;
}

char* format(const char* function, gfp_t gfp, const char* text, va_list arguments) {
    va_list again;
    va_copy(again, arguments);
    const int length = kloom_vsnprintf(nullptr, 0, text, again);
    va_end(again);
    const size_t bytes = static_cast<size_t>(length) + 1;
    auto* result = static_cast<char*>(kmalloc_for(function, bytes, gfp));
    if (result != nullptr) kloom_vsnprintf(result, bytes, text, arguments);
    return result;
}

}  // namespace
}  // namespace kloom::kernel

using namespace kloom::kernel;

extern "C" {

char* kstrdup(const char* s, gfp_t gfp) {
    KLOOM_API();
    return s != nullptr ? duplicate("kstrdup", s, module_strlen(s), 1, gfp) : nullptr;
}

// Only text of the kernel image itself is shared in Linux; that of a module is copied.
const char* kstrdup_const(const char* s, gfp_t gfp) {
    KLOOM_API();
    return s != nullptr ? duplicate("kstrdup_const", s, module_strlen(s), 1, gfp) : nullptr;
}

void kfree_const(const void* x) {
    KLOOM_API();
    kfree(x);
}

char* kstrndup(const char* s, size_t len, gfp_t gfp) {
    KLOOM_API();
    return s != nullptr ? duplicate("kstrndup", s, module_strnlen(s, len), 1, gfp) : nullptr;
}

void* kmemdup(const void* src, size_t len, gfp_t gfp) {
    KLOOM_API();
    return duplicate("kmemdup", src, len, 0, gfp);
}

char* kmemdup_nul(const char* s, size_t len, gfp_t gfp) {
    KLOOM_API();
    return s != nullptr ? duplicate("kmemdup_nul", s, len, 1, gfp) : nullptr;
}

char* kvasprintf(gfp_t gfp, const char* fmt, va_list args) {
    KLOOM_API();
    return format("kvasprintf", gfp, fmt, args);
}

const char* kvasprintf_const(gfp_t gfp, const char* fmt, va_list args) {
    KLOOM_API();
    return format("kvasprintf_const", gfp, fmt, args);
}

char* kasprintf(gfp_t gfp, const char* fmt, ...) {
    KLOOM_API();
    va_list args;
    va_start(args, fmt);
    char* result = format("kasprintf", gfp, fmt, args);
    va_end(args);
    return result;
}

}  // extern "C"
