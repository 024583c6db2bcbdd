// Functions that return memory of their own: copies, formatted text, bitmaps, CPU masks, fifos and
// the nodes of radix trees. All of it comes from kmalloc(), so that leaks and uses after free of it
// are found like any other.
#include <bit>
#include <climits>
#include <cstring>

#include "kernel/lib/format_spec.hpp"
#include "kernel/lib/module_text.hpp"

#include <linux/bitmap.h>
#include <linux/cpumask.h>
#include <linux/kfifo.h>
#include <linux/radix_slots.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/sprintf.h>
#include <linux/string.h>

namespace kloom::kernel {
namespace {

// A copy of `text` with a null byte; the memory is new, so only reading is reported.
char* duplicate(std::string_view text, gfp_t gfp) {
    auto* copy = static_cast<char*>(kmalloc(text.size() + 1, gfp));
    if (copy == nullptr) return nullptr;
    note_write(copy, text.size() + 1);
    std::memcpy(copy, text.data(), text.size());
    copy[text.size()] = '\0';
    return copy;
}

char* format_new(gfp_t gfp, const char* format, va_list list) {
    FormatArguments measured(list), written(list);
    TextWriter count(nullptr, 0, TextOwner::Kernel);
    write_format(count, format, measured);
    const size_t size = count.finish() + 1;
    auto* text = static_cast<char*>(kmalloc(size, gfp));
    if (text == nullptr) return nullptr;
    TextWriter out(text, size, TextOwner::Module);
    write_format(out, format, written);
    out.finish();
    return text;
}

bool is_space(char c) {
    return (c >= '\t' && c <= '\r') || c == ' ';
}

// The next word of `rest`, which loses it; empty at the end.
std::string_view take_word(std::string_view& rest) {
    while (!rest.empty() && is_space(rest.front())) rest.remove_prefix(1);
    size_t size = 0;
    while (size < rest.size() && !is_space(rest[size])) ++size;
    const std::string_view word = rest.substr(0, size);
    rest.remove_prefix(size);
    return word;
}

}  // namespace
}  // namespace kloom::kernel

using namespace kloom::kernel;

extern "C" {

char* kstrdup(const char* s, gfp_t gfp) {
    KLOOM_API();
    return s == nullptr ? nullptr : duplicate(module_text(s), gfp);
}

// There is no read-only memory whose copy could be saved: a copy, always.
const char* kstrdup_const(const char* s, gfp_t gfp) {
    KLOOM_API();
    return kstrdup(s, gfp);
}

void kfree_const(const void* x) {
    KLOOM_API();
    kfree(x);
}

char* kstrndup(const char* s, size_t len, gfp_t gfp) {
    KLOOM_API();
    return s == nullptr ? nullptr : duplicate(module_text(s, len), gfp);
}

void* kmemdup(const void* src, size_t len, gfp_t gfp) {
    KLOOM_API();
    void* copy = kmalloc(len, gfp);
    if (copy == nullptr) return nullptr;
    note_read(src, len);
    note_write(copy, len);
    return std::memcpy(copy, src, len);
}

char* kmemdup_nul(const char* s, size_t len, gfp_t gfp) {
    KLOOM_API();
    if (s == nullptr) return nullptr;
    note_read(s, len);
    return duplicate({s, len}, gfp);
}

char* kvasprintf(gfp_t gfp, const char* fmt, va_list args) {
    KLOOM_API();
    return format_new(gfp, fmt, args);
}

const char* kvasprintf_const(gfp_t gfp, const char* fmt, va_list args) {
    KLOOM_API();
    return format_new(gfp, fmt, args);
}

char* kasprintf(gfp_t gfp, const char* fmt, ...) {
    KLOOM_API();
    va_list args;
    va_start(args, fmt);
    char* text = format_new(gfp, fmt, args);
    va_end(args);
    return text;
}

// One block: the pointers, the NULL at their end, then the words.
char** argv_split(gfp_t gfp, const char* str, int* argcp) {
    KLOOM_API();
    const std::string_view text = module_text(str);
    size_t count = 0;
    for (std::string_view rest = text; !take_word(rest).empty();) ++count;
    const size_t size = (count + 1) * sizeof(char*) + text.size() + 1;
    auto** argv = static_cast<char**>(kmalloc(size, gfp));
    if (argv == nullptr) return nullptr;

    note_write(argv, size);
    auto* next = reinterpret_cast<char*>(argv + count + 1);
    std::string_view rest = text;
    for (size_t i = 0; i < count; ++i) {
        const std::string_view word = take_word(rest);
        argv[i] = next;
        std::memcpy(next, word.data(), word.size());
        next += word.size();
        *next++ = '\0';
    }
    argv[count] = nullptr;
    if (argcp != nullptr) {
        note_write(argcp, sizeof *argcp);
        *argcp = static_cast<int>(count);
    }
    return argv;
}

void argv_free(char** argv) {
    KLOOM_API();
    kfree(argv);
}

unsigned long* bitmap_alloc(unsigned int nbits, gfp_t flags) {
    KLOOM_API();
    return static_cast<unsigned long*>(kmalloc(bitmap_size(nbits), flags));
}

unsigned long* bitmap_zalloc(unsigned int nbits, gfp_t flags) {
    KLOOM_API();
    return bitmap_alloc(nbits, flags | __GFP_ZERO);
}

void bitmap_free(const unsigned long* bitmap) {
    KLOOM_API();
    kfree(bitmap);
}

bool alloc_cpumask_var(cpumask_var_t* mask, gfp_t flags) {
    KLOOM_API();
    auto* memory = static_cast<struct cpumask*>(kmalloc(cpumask_size(), flags));
    note_write(mask, sizeof *mask);
    *mask = memory;
    return memory != nullptr;
}

bool alloc_cpumask_var_node(cpumask_var_t* mask, gfp_t flags, int) {
    KLOOM_API();
    return alloc_cpumask_var(mask, flags);
}

bool zalloc_cpumask_var(cpumask_var_t* mask, gfp_t flags) {
    KLOOM_API();
    return alloc_cpumask_var(mask, flags | __GFP_ZERO);
}

bool zalloc_cpumask_var_node(cpumask_var_t* mask, gfp_t flags, int) {
    KLOOM_API();
    return zalloc_cpumask_var(mask, flags);
}

void free_cpumask_var(cpumask_var_t mask) {
    KLOOM_API();
    kfree(mask);
}

struct radix_slots_node* kloom_radix_slots_alloc(gfp_t gfp) {
    KLOOM_API();
    return static_cast<struct radix_slots_node*>(
        kmalloc(sizeof(struct radix_slots_node), gfp | __GFP_ZERO));
}

void kloom_radix_slots_free(struct radix_slots_node* node) {
    KLOOM_API();
    kloom_kfree_rcu(node, &node->rcu);
}

}  // extern "C"
