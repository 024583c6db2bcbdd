// Sets of CPUs that are not the machine's own: the mask of one CPU, of all, and masks from text.
#include <array>
#include <climits>
#include <cstdint>

#include "kernel/module_access.hpp"

#include <linux/cpumask.h>

namespace kloom::kernel {
namespace {

constexpr size_t kWordBits = 64;
constexpr size_t kMaskWords = NR_CPUS / kWordBits;

// Row r has bit r - 1 of its first word set; row 0 is empty. A mask that begins n words before row
// r is the mask of CPU 64 n + r - 1: the words before the row belong to the row above, whose end is
// empty.
struct SingleCpuTable {
    unsigned long words[kWordBits + 1][kMaskWords] = {};
    constexpr SingleCpuTable() {
        for (size_t row = 1; row <= kWordBits; ++row) words[row][0] = 1ul << (row - 1);
    }
};
constinit const SingleCpuTable kSingleCpu;

constexpr struct cpumask all_bits() {
    struct cpumask mask = {};
    for (unsigned long& word : mask.bits) word = ~0ul;
    return mask;
}

}  // namespace
}  // namespace kloom::kernel

using namespace kloom::kernel;

extern "C" constinit const struct cpumask cpu_all_bits_mask = all_bits();

extern "C" const struct cpumask* cpumask_of(unsigned int cpu) {
    const unsigned long* row = kSingleCpu.words[1 + cpu % kWordBits];
    return reinterpret_cast<const struct cpumask*>(row - cpu / kWordBits);
}

extern "C" int cpulist_parse(const char* buf, struct cpumask* dstp) {
    KLOOM_API();
    return bitmap_parselist(buf, cpumask_bits(dstp), static_cast<int>(nr_cpumask_bits));
}

extern "C" int cpumask_parse(const char* buf, struct cpumask* dstp) {
    KLOOM_API();
    return bitmap_parse(buf, UINT_MAX, cpumask_bits(dstp), static_cast<int>(nr_cpumask_bits));
}
