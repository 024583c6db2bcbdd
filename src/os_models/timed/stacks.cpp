#include "os_models/timed/stacks.hpp"

#include <sys/mman.h>

#include "base/check.hpp"

namespace kloom::os_models {
namespace {

constexpr size_t kHugePageBytes = 2 << 20;

size_t mapped_bytes(uint32_t count) { return count * machine::kSmallStackBytes + kHugePageBytes; }

}  // namespace

Stacks::Stacks(uint32_t count) : count_(count) {
    memory_ = mmap(nullptr, mapped_bytes(count), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    CHECK(memory_ != MAP_FAILED, "no memory for %u stacks", count);
    begin_ = (reinterpret_cast<uintptr_t>(memory_) + kHugePageBytes - 1) / kHugePageBytes * kHugePageBytes;
    // Where the kernel has none, small pages do as well, slower.
    madvise(reinterpret_cast<void*>(begin_), count * machine::kSmallStackBytes, MADV_HUGEPAGE);
}

Stacks::~Stacks() { munmap(memory_, mapped_bytes(count_)); }

}  // namespace kloom::os_models
