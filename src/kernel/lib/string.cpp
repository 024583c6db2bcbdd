// Memory functions and text functions. Each one reports what it reads and writes on behalf of the
// module before it does so; comparisons and searches go through text in pieces, so that bytes far
// behind the answer are not touched.
#include <algorithm>
#include <cstring>

#include "kernel/lib/module_text.hpp"

#include <linux/string.h>

namespace kloom::kernel {
namespace {

constexpr size_t kComparePiece = 16;

unsigned char fold_case(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 'A' && byte <= 'Z' ? static_cast<unsigned char>(byte + 32) : byte;
}

unsigned char keep_case(char c) {
    return static_cast<unsigned char>(c);
}

// The difference of the first unequal characters, or 0 when `size_max` are equal.
template <class Fold>
int compare(const char* a, const char* b, size_t size_max, Fold fold) {
    for (size_t begin = 0; begin < size_max;) {  // ends: texts are finite
        const size_t piece = std::min(kComparePiece, size_max - begin);
        module_strnlen(a + begin, piece);
        module_strnlen(b + begin, piece);
        for (const size_t end = begin + piece; begin < end; ++begin) {
            const int difference = fold(a[begin]) - fold(b[begin]);
            if (difference != 0 || a[begin] == '\0') return difference;
        }
    }
    return 0;
}

// Copies `size` bytes and a null byte.
char* store_text(char* target, const char* source, size_t size) {
    note_write(target, size + 1);
    std::memmove(target, source, size);
    target[size] = '\0';
    return target;
}

template <class T>
void* fill(T* target, T value, size_t count) {
    note_write(target, count * sizeof(T));
    std::fill_n(target, count, value);
    return target;
}

// The text without one newline at its end.
std::string_view without_newline(std::string_view text) {
    if (text.ends_with('\n')) text.remove_suffix(1);
    return text;
}

template <class Matches>
int find_in_list(const char* const* array, size_t n, Matches matches) {
    for (size_t i = 0; i < n; ++i) {
        note_read(&array[i], sizeof array[i]);
        if (array[i] == nullptr) break;
        if (matches(array[i])) return static_cast<int>(i);
    }
    return -EINVAL;
}

bool is_kernel_space(char c) {
    return (c >= '\t' && c <= '\r') || c == ' ' || static_cast<unsigned char>(c) == 0xa0;
}

}  // namespace
}  // namespace kloom::kernel

using namespace kloom::kernel;

extern "C" {

void* kloom_memset(void* s, int c, size_t count) {
    KLOOM_API();
    note_write(s, count);
    return std::memset(s, c, count);
}

// Overlapping is a mistake of the module; it shall at least give the same result in every run.
void* kloom_memcpy(void* dest, const void* src, size_t count) {
    KLOOM_API();
    note_read(src, count);
    note_write(dest, count);
    return std::memmove(dest, src, count);
}

void* kloom_memmove(void* dest, const void* src, size_t count) {
    KLOOM_API();
    note_read(src, count);
    note_write(dest, count);
    return std::memmove(dest, src, count);
}

int kloom_memcmp(const void* cs, const void* ct, size_t count) {
    KLOOM_API();
    note_read(cs, count);
    note_read(ct, count);
    return std::memcmp(cs, ct, count);
}

int kloom_bcmp(const void* a, const void* b, size_t len) {
    KLOOM_API();
    return kloom_memcmp(a, b, len);
}

void* kloom_memchr(const void* s, int c, size_t n) {
    KLOOM_API();
    note_read(s, n);
    return const_cast<void*>(std::memchr(s, c, n));
}

void* memscan(void* addr, int c, size_t size) {
    KLOOM_API();
    note_read(addr, size);
    void* found = std::memchr(addr, c, size);
    return found != nullptr ? found : static_cast<char*>(addr) + size;
}

void* memchr_inv(const void* s, int c, size_t n) {
    KLOOM_API();
    note_read(s, n);
    const auto* bytes = static_cast<const unsigned char*>(s);
    const auto* end = bytes + n;
    const auto* found = std::find_if(
        bytes, end, [c](unsigned char byte) { return byte != static_cast<unsigned char>(c); });
    return found != end ? const_cast<unsigned char*>(found) : nullptr;
}

bool mem_is_zero(const void* s, size_t n) {
    KLOOM_API();
    return memchr_inv(s, 0, n) == nullptr;
}

void* memset16(u16* s, u16 v, size_t count) {
    KLOOM_API();
    return fill(s, v, count);
}

void* memset32(u32* s, u32 v, size_t count) {
    KLOOM_API();
    return fill(s, v, count);
}

void* memset64(u64* s, u64 v, size_t count) {
    KLOOM_API();
    return fill(s, v, count);
}

void memzero_explicit(void* s, size_t count) {
    KLOOM_API();
    kloom_memset(s, 0, count);
}

void memcpy_and_pad(void* dest, size_t dest_len, const void* src, size_t count, int pad) {
    KLOOM_API();
    const size_t copied = std::min(dest_len, count);
    kloom_memcpy(dest, src, copied);
    if (dest_len > copied) kloom_memset(static_cast<char*>(dest) + copied, pad, dest_len - copied);
}

size_t kloom_strlen(const char* s) {
    KLOOM_API();
    return module_strlen(s);
}

size_t kloom_strnlen(const char* s, size_t count) {
    KLOOM_API();
    return module_strnlen(s, count);
}

char* kloom_strcpy(char* dest, const char* src) {
    KLOOM_API();
    return store_text(dest, src, module_strlen(src));
}

char* kloom_stpcpy(char* dest, const char* src) {
    KLOOM_API();
    const size_t size = module_strlen(src);
    return store_text(dest, src, size) + size;
}

// Fills the rest with null bytes, and ends the text only when there is a rest.
char* kloom_strncpy(char* dest, const char* src, size_t count) {
    KLOOM_API();
    const size_t size = module_strnlen(src, count);
    note_write(dest, count);
    std::memmove(dest, src, size);
    std::memset(dest + size, 0, count - size);
    return dest;
}

size_t kloom_strlcpy(char* dest, const char* src, size_t size) {
    KLOOM_API();
    const size_t length = module_strlen(src);
    if (size != 0) store_text(dest, src, std::min(length, size - 1));
    return length;
}

ssize_t strscpy(char* dest, const char* src, size_t count) {
    KLOOM_API();
    if (count == 0 || count > INT_MAX) return -E2BIG;
    const size_t length = module_strnlen(src, count);
    store_text(dest, src, std::min(length, count - 1));
    return length < count ? static_cast<ssize_t>(length) : -E2BIG;
}

ssize_t strscpy_pad(char* dest, const char* src, size_t count) {
    KLOOM_API();
    const ssize_t length = strscpy(dest, src, count);
    if (length >= 0 && static_cast<size_t>(length) + 1 < count)
        kloom_memset(dest + length + 1, 0, count - static_cast<size_t>(length) - 1);
    return length;
}

char* kloom_strcat(char* dest, const char* src) {
    KLOOM_API();
    char* const end = dest + module_strlen(dest);
    store_text(end, src, module_strlen(src));
    return dest;
}

char* kloom_strncat(char* dest, const char* src, size_t count) {
    KLOOM_API();
    if (count == 0) return dest;
    char* const end = dest + module_strlen(dest);
    store_text(end, src, module_strnlen(src, count));
    return dest;
}

size_t kloom_strlcat(char* dest, const char* src, size_t count) {
    KLOOM_API();
    const size_t dest_length = module_strlen(dest), src_length = module_strlen(src);
    if (dest_length < count)
        store_text(dest + dest_length, src, std::min(src_length, count - dest_length - 1));
    return dest_length + src_length;
}

int kloom_strcmp(const char* cs, const char* ct) {
    KLOOM_API();
    const int difference = compare(cs, ct, SIZE_MAX, keep_case);
    return (difference > 0) - (difference < 0);
}

int kloom_strncmp(const char* cs, const char* ct, size_t count) {
    KLOOM_API();
    const int difference = compare(cs, ct, count, keep_case);
    return (difference > 0) - (difference < 0);
}

int kloom_strcasecmp(const char* s1, const char* s2) {
    KLOOM_API();
    return compare(s1, s2, SIZE_MAX, fold_case);
}

int kloom_strncasecmp(const char* s1, const char* s2, size_t n) {
    KLOOM_API();
    return compare(s1, s2, n, fold_case);
}

char* kloom_strchr(const char* s, int c) {
    KLOOM_API();
    module_strlen(s);
    return const_cast<char*>(std::strchr(s, c));
}

char* kloom_strchrnul(const char* s, int c) {
    KLOOM_API();
    const size_t length = module_strlen(s);
    const char* found = std::strchr(s, c);
    return const_cast<char*>(found != nullptr ? found : s + length);
}

char* kloom_strrchr(const char* s, int c) {
    KLOOM_API();
    module_strlen(s);
    return const_cast<char*>(std::strrchr(s, c));
}

char* strnchr(const char* s, size_t count, int c) {
    KLOOM_API();
    const size_t length = module_strnlen(s, count);
    const size_t searched =
        length < count ? length + 1 : length;  // the null byte may be looked for
    return const_cast<char*>(static_cast<const char*>(std::memchr(s, c, searched)));
}

char* strnchrnul(const char* s, size_t count, int c) {
    KLOOM_API();
    const size_t length = module_strnlen(s, count);
    const void* found = std::memchr(s, c, length);
    return const_cast<char*>(found != nullptr ? static_cast<const char*>(found) : s + length);
}

char* kloom_strstr(const char* s1, const char* s2) {
    KLOOM_API();
    module_strlen(s1);
    module_strlen(s2);
    return const_cast<char*>(std::strstr(s1, s2));
}

char* strnstr(const char* s1, const char* s2, size_t len) {
    KLOOM_API();
    const std::string_view wanted = module_text(s2);
    note_read(s1, len);
    const size_t position = std::string_view(s1, len).find(wanted);
    return position == std::string_view::npos ? nullptr : const_cast<char*>(s1) + position;
}

char* kloom_strpbrk(const char* cs, const char* ct) {
    KLOOM_API();
    module_strlen(cs);
    module_strlen(ct);
    return const_cast<char*>(std::strpbrk(cs, ct));
}

size_t kloom_strspn(const char* s, const char* accept) {
    KLOOM_API();
    module_strlen(s);
    module_strlen(accept);
    return std::strspn(s, accept);
}

size_t kloom_strcspn(const char* s, const char* reject) {
    KLOOM_API();
    module_strlen(s);
    module_strlen(reject);
    return std::strcspn(s, reject);
}

char* kloom_strsep(char** s, const char* ct) {
    KLOOM_API();
    note_read(s, sizeof *s);
    char* const begin = *s;
    if (begin == nullptr) return nullptr;
    char* end = kloom_strpbrk(begin, ct);
    if (end != nullptr) {
        note_write(end, 1);
        *end++ = '\0';
    }
    note_write(s, sizeof *s);
    *s = end;
    return begin;
}

char* skip_spaces(const char* s) {
    KLOOM_API();
    module_strlen(s);
    while (is_kernel_space(*s)) ++s;
    return const_cast<char*>(s);
}

char* strim(char* s) {
    KLOOM_API();
    size_t length = module_strlen(s);
    const size_t whole = length;
    while (length > 0 && is_kernel_space(s[length - 1])) --length;
    if (length < whole) {
        note_write(s + length, 1);
        s[length] = '\0';
    }
    return skip_spaces(s);
}

char* strreplace(char* s, char old_char, char new_char) {
    KLOOM_API();
    const size_t length = module_strlen(s);
    note_write(s, length);
    std::replace(s, s + length, old_char, new_char);
    return s + length;
}

bool sysfs_streq(const char* s1, const char* s2) {
    KLOOM_API();
    return without_newline(module_text(s1)) == without_newline(module_text(s2));
}

int match_string(const char* const* array, size_t n, const char* string) {
    KLOOM_API();
    return find_in_list(array, n,
                        [string](const char* item) { return kloom_strcmp(item, string) == 0; });
}

int __sysfs_match_string(const char* const* array, size_t n, const char* s) {
    KLOOM_API();
    return find_in_list(array, n, [s](const char* item) { return sysfs_streq(item, s); });
}

}  // extern "C"
