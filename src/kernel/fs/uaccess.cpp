// Copies between kernel and user memory.
//
// An address that is no user memory of the calling process faults: the functions say how much was
// not copied. The kernel's side of a copy is checked and seen by the detectors like any access of
// the module.
#include <algorithm>
#include <cstring>
#include <type_traits>

#include "kernel/fs/vfs.hpp"
#include "kernel/module_access.hpp"

#include <linux/bug.h>
#include <linux/err.h>
#include <linux/kstrtox.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

namespace kloom::kernel {

namespace {

constexpr uintptr_t kTaskSizeMax = 0x7ffffffff000;  // x86-64: no user address lies above

// User memory is accessed: it may have to be read in, so the caller may sleep - unless `function`
// is null.
void begin_user_access(const char* function, const void* user, size_t size) {
    if (function != nullptr && !pagefault_disabled()) emit_might_sleep(function, false);
    machine().emit(
        {.kind = trace::EventKind::UserAccess,
         .size = static_cast<uint32_t>(size),
         .address = reinterpret_cast<uintptr_t>(user),
         .text = function != nullptr ? function : "user access with page faults disabled"});
}

size_t reachable(const void* user, size_t size) {
    return kernel().vfs->user_memory().reachable(reinterpret_cast<uintptr_t>(user), size);
}

// The number in the text at `user`, converted by `convert` (kstrtoint and its kin). As in Linux, no more of it is looked at
// than the longest text of such a number has: a sign, all bits, a newline.
template <class Value, class Convert>
int number_from_user(const char* user, size_t count, unsigned base, Value* result,
                     Convert convert) {
    constexpr size_t kTextMax = std::is_same_v<Value, bool> ? 3 : 1 + sizeof(Value) * 8 + 1;
    char text[kTextMax + 1];
    const size_t size = std::min(count, kTextMax);
    if (kloom_copy_from_user(text, user, size, "kstrtox_from_user") != 0) return -EFAULT;
    text[size] = '\0';
    return convert(text, base, result);
}

}  // namespace

size_t copy_out(void* user, const void* from, size_t count, const char* function) {
    begin_user_access(function, user, count);
    const size_t copied = reachable(user, count);
    if (copied == 0) return count;
    std::memcpy(user, from, copied);
    kernel().vfs->user_memory().note_written(reinterpret_cast<uintptr_t>(user) + copied);
    return count - copied;
}

size_t copy_in(void* to, const void* user, size_t count, const char* function) {
    begin_user_access(function, user, count);
    const size_t copied = reachable(user, count);
    std::memcpy(to, user, copied);
    std::memset(static_cast<char*>(to) + copied, 0, count - copied);
    return count - copied;
}

}  // namespace kloom::kernel

using namespace kloom::kernel;

extern "C" {

bool kloom_access_ok(const void* addr, unsigned long size) {
    const auto address = reinterpret_cast<uintptr_t>(addr);
    if (address + size < address) return false;
    switch (machine().memory().classify(address).region) {
        case kloom::trace::Region::User:
        case kloom::trace::Region::NullPage:
        case kloom::trace::Region::Unmapped:
            return address + size <= kTaskSizeMax;
        default:
            return false;
    }
}

unsigned long kloom_copy_from_user(void* to, const void* from, unsigned long n,
                                   const char* function) {
    KLOOM_API();
    if (n > 0) note_write(to, n);
    return copy_in(to, from, n, function);
}

unsigned long kloom_copy_to_user(void* to, const void* from, unsigned long n,
                                 const char* function) {
    KLOOM_API();
    if (n > 0) note_read(from, n);
    return copy_out(to, from, n, function);
}

unsigned long kloom_copy_overflow(size_t size, unsigned long count) {
    KLOOM_API();
    kloom::kernel::emit_misuse("out-of-bounds", kloom::trace::Severity::Error,
                               "{0} copies more between the kernel and user space than the object "
                               "holds; the copy is refused");
    WARN(1, "Buffer overflow detected (%d < %lu)!\n", static_cast<int>(size), count);
    return count;
}

int kloom_get_user(void* to, const void* from, size_t size, const char* function) {
    KLOOM_API();
    return copy_in(to, from, size, function) == 0 ? 0 : -EFAULT;
}

int kloom_put_user(const void* from, void* to, size_t size, const char* function) {
    KLOOM_API();
    return copy_out(to, from, size, function) == 0 ? 0 : -EFAULT;
}

unsigned long clear_user(void* to, unsigned long n) {
    KLOOM_API();
    begin_user_access("clear_user", to, n);
    const size_t cleared = reachable(to, n);
    if (cleared == 0) return n;
    std::memset(to, 0, cleared);
    return n - cleared;
}

unsigned long __clear_user(void* to, unsigned long n) {
    return clear_user(to, n);
}

long strncpy_from_user(char* dst, const char* src, long count) {
    KLOOM_API();
    begin_user_access("strncpy_from_user", src, static_cast<size_t>(count));
    if (count <= 0) return 0;
    const size_t available = reachable(src, static_cast<size_t>(count));
    const size_t length = strnlen(src, available);
    if (length == available && available < static_cast<size_t>(count)) return -EFAULT;
    const size_t copied = length < available ? length + 1 : length;
    note_write(dst, copied);
    std::memcpy(dst, src, copied);
    return static_cast<long>(length);
}

long strnlen_user(const char* s, long n) {
    KLOOM_API();
    begin_user_access("strnlen_user", s, static_cast<size_t>(n));
    if (n <= 0) return 0;
    const size_t available = reachable(s, static_cast<size_t>(n));
    const size_t length = strnlen(s, available);
    if (length == available && available < static_cast<size_t>(n)) return 0;
    return static_cast<long>(length) + 1;
}

void* memdup_user(const void* src, size_t len) {
    KLOOM_API();
    void* copy = kmalloc(len, GFP_USER | __GFP_NOWARN);
    if (copy == nullptr) return ERR_PTR(-ENOMEM);
    if (kloom_copy_from_user(copy, src, len, "memdup_user") == 0) return copy;
    kfree(copy);
    return ERR_PTR(-EFAULT);
}

void* vmemdup_user(const void* src, size_t len) {
    KLOOM_API();
    return memdup_user(src, len);
}

void* memdup_user_nul(const void* src, size_t len) {
    KLOOM_API();
    auto* copy = static_cast<char*>(kmalloc(len + 1, GFP_KERNEL));
    if (copy == nullptr) return ERR_PTR(-ENOMEM);
    if (kloom_copy_from_user(copy, src, len, "memdup_user_nul") != 0) {
        kfree(copy);
        return ERR_PTR(-EFAULT);
    }
    copy[len] = '\0';
    return copy;
}

char* strndup_user(const char* s, long n) {
    KLOOM_API();
    const long length = strnlen_user(s, n);
    if (length == 0) return static_cast<char*>(ERR_PTR(-EFAULT));
    if (length > n) return static_cast<char*>(ERR_PTR(-EINVAL));
    void* copy = memdup_user(s, static_cast<size_t>(length));
    if (!IS_ERR(copy)) static_cast<char*>(copy)[length - 1] = '\0';
    return static_cast<char*>(copy);
}

void pagefault_disable() {
    KLOOM_API();
    kernel().vfs->user_memory().change_pagefault_depth(1);
}

void pagefault_enable() {
    KLOOM_API();
    kernel().vfs->user_memory().change_pagefault_depth(-1);
}

bool pagefault_disabled() {
    return kernel().vfs->user_memory().pagefault_depth() > 0;
}

long copy_from_kernel_nofault(void* dst, const void* src, size_t size) {
    KLOOM_API();
    if (!machine().memory().is_accessible(reinterpret_cast<uintptr_t>(src), size)) return -EFAULT;
    note_read(src, size);
    note_write(dst, size);
    std::memcpy(dst, src, size);
    return 0;
}

long copy_to_kernel_nofault(void* dst, const void* src, size_t size) {
    KLOOM_API();
    if (!machine().memory().is_accessible(reinterpret_cast<uintptr_t>(dst), size)) return -EFAULT;
    note_read(src, size);
    note_write(dst, size);
    std::memcpy(dst, src, size);
    return 0;
}

long copy_from_user_nofault(void* dst, const void* src, size_t size) {
    KLOOM_API();
    return kloom_copy_from_user(dst, src, size, nullptr) == 0 ? 0 : -EFAULT;
}

long copy_to_user_nofault(void* dst, const void* src, size_t size) {
    KLOOM_API();
    return kloom_copy_to_user(dst, src, size, nullptr) == 0 ? 0 : -EFAULT;
}

int kstrtoull_from_user(const char* s, size_t count, unsigned base, unsigned long long* res) {
    KLOOM_API();
    return number_from_user(s, count, base, res, kstrtoull);
}

int kstrtoll_from_user(const char* s, size_t count, unsigned base, long long* res) {
    KLOOM_API();
    return number_from_user(s, count, base, res, kstrtoll);
}

int kstrtoul_from_user(const char* s, size_t count, unsigned base, unsigned long* res) {
    KLOOM_API();
    return number_from_user(
        s, count, base, res,
        [](const char* text, unsigned b, unsigned long* r) { return kstrtoul(text, b, r); });
}

int kstrtol_from_user(const char* s, size_t count, unsigned base, long* res) {
    KLOOM_API();
    return number_from_user(s, count, base, res, [](const char* text, unsigned b, long* r) {
        return kstrtol(text, b, r);
    });
}

int kstrtouint_from_user(const char* s, size_t count, unsigned base, unsigned* res) {
    KLOOM_API();
    return number_from_user(s, count, base, res, kstrtouint);
}

int kstrtoint_from_user(const char* s, size_t count, unsigned base, int* res) {
    KLOOM_API();
    return number_from_user(s, count, base, res, kstrtoint);
}

int kstrtou16_from_user(const char* s, size_t count, unsigned base, u16* res) {
    KLOOM_API();
    return number_from_user(s, count, base, res, kstrtou16);
}

int kstrtos16_from_user(const char* s, size_t count, unsigned base, s16* res) {
    KLOOM_API();
    return number_from_user(s, count, base, res, kstrtos16);
}

int kstrtou8_from_user(const char* s, size_t count, unsigned base, u8* res) {
    KLOOM_API();
    return number_from_user(s, count, base, res, kstrtou8);
}

int kstrtos8_from_user(const char* s, size_t count, unsigned base, s8* res) {
    KLOOM_API();
    return number_from_user(s, count, base, res, kstrtos8);
}

int kstrtobool_from_user(const char* s, size_t count, bool* res) {
    KLOOM_API();
    return number_from_user(
        s, count, 0, res, [](const char* text, unsigned, bool* r) { return kstrtobool(text, r); });
}

}  // extern "C"
