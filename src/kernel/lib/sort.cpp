// sort(): heap sort, as in Linux, so that it needs no memory and a comparison function that is not
// a strict order cannot run out of the array. The array is reported as read and written once,
// before sorting; comparison and swap functions are the module's and report their own accesses.
#include <algorithm>
#include <cstring>

#include "kernel/module_access.hpp"

#include <linux/sort.h>

namespace kloom::kernel {
namespace {

// Swaps elements in pieces, whatever their size.
void swap_bytes(char* a, char* b, size_t size) {
    char piece[64];
    for (size_t done = 0; done < size; done += sizeof piece) {
        const size_t bytes = std::min(sizeof piece, size - done);
        std::memcpy(piece, a + done, bytes);
        std::memcpy(a + done, b + done, bytes);
        std::memcpy(b + done, piece, bytes);
    }
}

template <class Compare, class Swap>
void sift_down(char* base, size_t size, size_t root, size_t count, Compare compare, Swap swap) {
    for (size_t child = 2 * root + 1; child < count; child = 2 * root + 1) {
        if (child + 1 < count && compare(base + child * size, base + (child + 1) * size) < 0)
            ++child;
        if (compare(base + root * size, base + child * size) >= 0) return;
        swap(base + root * size, base + child * size);
        root = child;
    }
}

template <class Compare, class Swap>
void heap_sort(void* array, size_t count, size_t size, Compare compare, Swap swap) {
    if (count < 2) return;
    auto* base = static_cast<char*>(array);
    note_read(base, count * size);
    note_write(base, count * size);
    for (size_t root = count / 2; root-- > 0;) sift_down(base, size, root, count, compare, swap);
    for (size_t end = count - 1; end > 0; --end) {
        swap(base, base + end * size);
        sift_down(base, size, 0, end, compare, swap);
    }
}

}  // namespace
}  // namespace kloom::kernel

using namespace kloom::kernel;

extern "C" void sort(void* base, size_t num, size_t size, cmp_func_t cmp_func,
                     swap_func_t swap_func) {
    KLOOM_API();
    heap_sort(base, num, size, cmp_func, [=](char* a, char* b) {
        if (swap_func != nullptr)
            swap_func(a, b, static_cast<int>(size));
        else
            swap_bytes(a, b, size);
    });
}

extern "C" void sort_r(void* base, size_t num, size_t size, cmp_r_func_t cmp_func,
                       swap_r_func_t swap_func, const void* priv) {
    KLOOM_API();
    heap_sort(
        base, num, size, [=](const char* a, const char* b) { return cmp_func(a, b, priv); },
        [=](char* a, char* b) {
            if (swap_func != nullptr)
                swap_func(a, b, static_cast<int>(size), priv);
            else
                swap_bytes(a, b, size);
        });
}
